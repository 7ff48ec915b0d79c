package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.connect.Connection;
import io.jenkins.plugins.concurrency.engine.fetch.connect.HttpExchange;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Lease;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Route;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySelection;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptCounter;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.GroupPace;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeCounts;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleLimits;
import io.jenkins.plugins.concurrency.engine.schedule.Scheduler;
import io.jenkins.plugins.concurrency.engine.schedule.StartGate;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.junit.rules.ExternalResource;

/** A run of the engine under the real scheduler; as a rule, it is closed after the test. */
final class FetchRun extends ExternalResource implements AutoCloseable {

    /** Much more than anything here takes; only reached when something hangs. */
    private final HttpReactor reactor;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("test-timer", true));

    /** A run that needs nothing special. */
    static final FetchEngine.Run RUN = new FetchEngine.Run("test", "test", 0, null, name -> null);

    /** Of the run's environment. */
    final Map<String, String> variables = new HashMap<>();

    final Map<Integer, Outcome> outcomes = new ConcurrentSkipListMap<>();

    final List<Map<String, Integer>> limitReports = new CopyOnWriteArrayList<>();

    FetchSettings settings = FetchSettings.standard(new BodyStorage(null, null, 0));
    RetryPolicy retry = RetryPolicy.none();
    Duration timeout = Duration.ofSeconds(30);
    Scheduler<FetchBranch> scheduler;

    FetchRun() {
        this(new HttpReactor());
    }

    FetchRun(HttpReactor reactor) {
        this.reactor = reactor;
    }

    /** Another run at the same time, which shares the reactor. */
    FetchRun beside() {
        FetchRun other = new FetchRun(reactor);
        other.settings = settings;
        return other;
    }

    /** Runs one branch to its end. */
    Outcome fetch(FetchBranch branch) throws Exception {
        run(List.of(branch));
        return outcomes.get(branch.index());
    }

    Outcome fetch(String url) throws Exception {
        return fetch(FetchBranch.of(0, url));
    }

    /** Runs branches to their end. */
    OutcomeCounts run(List<FetchBranch> branches) throws Exception {
        return start(branches).toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    CompletionStage<OutcomeCounts> start(List<FetchBranch> branches) {
        outcomes.clear();
        UniqueFileNames names = new UniqueFileNames(settings);
        GroupPace pace = settings.traffic().newPace();
        Iterator<FetchBranch> rest = branches.iterator();
        FetchEngine engine = engine(pace);
        TrafficSettings traffic = settings.traffic();
        OriginLimits origins = new OriginLimits(traffic, settings.requests(), limitReports::add);
        scheduler = new Scheduler<>(
                () -> rest.hasNext() ? names.named(rest.next()) : null,
                traffic.auto() ? origins.limited(engine) : engine,
                traffic.auto()
                        ? new ScheduleLimits(traffic.concurrency(), origins, pace, StartGate.OPEN)
                        : new ScheduleLimits(traffic.concurrency(), traffic.perHost(), pace),
                new BranchSettings(false, retry, timeout),
                outcome -> outcomes.put(outcome.index(), outcome),
                AttemptCounter.NONE,
                timer);
        return scheduler.start().whenComplete((tally, thrown) -> engine.close());
    }

    /** Runs an exchange of the test's own on the connections of the run. */
    void execute(String url, HttpExchange exchange) {
        Network network = reactor.network(settings.network(), ProxySelection.NONE);
        Route route = new Route(FetchUrl.parse(url).origin(), null);
        AtomicReference<Lease> lease = new AtomicReference<>();
        lease.set(network.lease(route, Duration.ofSeconds(30), new Lease.Taker() {
            @Override
            public void connected(Connection connection, boolean reused) {
                lease.get().execute(exchange);
            }

            @Override
            public void failed(Exception cause) {
                throw new IllegalStateException(cause);
            }
        }));
        lease.get().open(false);
    }

    void limit(int concurrency, int perHost) {
        set(new TrafficSettings(concurrency, perHost, 0), settings.timeouts(), settings.requests(), settings.redirects());
    }

    /** Adaptive limits. */
    void adaptive(int most, int perHost) {
        TrafficSettings traffic = new TrafficSettings(most, perHost, 0, true);
        set(traffic, settings.timeouts(), settings.requests(), settings.redirects());
    }

    void pace(double rate) {
        set(
                new TrafficSettings(settings.traffic().concurrency(), settings.traffic().perHost(), rate),
                settings.timeouts(),
                settings.requests(),
                settings.redirects());
    }

    void connectWithin(Duration limit) {
        set(new Timeouts(limit, settings.timeouts().idle()));
    }

    void idleAtMost(Duration limit) {
        set(new Timeouts(settings.timeouts().connect(), limit));
    }

    void request(RequestDefaults requests, RedirectSettings redirects) {
        set(settings.traffic(), settings.timeouts(), requests, redirects);
    }

    void storeIn(BodyStorage storage) {
        settings = new FetchSettings(
                settings.traffic(),
                settings.timeouts(),
                settings.requests(),
                settings.redirects(),
                storage,
                settings.network(),
                settings.credentials());
    }

    void connectBy(NetworkSettings network) {
        settings = new FetchSettings(
                settings.traffic(),
                settings.timeouts(),
                settings.requests(),
                settings.redirects(),
                settings.storage(),
                network,
                settings.credentials());
    }

    private void set(Timeouts timeouts) {
        set(settings.traffic(), timeouts, settings.requests(), settings.redirects());
    }

    private void set(TrafficSettings traffic, Timeouts timeouts, RequestDefaults requests, RedirectSettings redirects) {
        settings = new FetchSettings(
                traffic,
                timeouts,
                requests,
                redirects,
                settings.storage(),
                settings.network(),
                settings.credentials());
    }

    /** Credentials that requests may use, the first one for all that name none. */
    void authenticate(CredentialReference... credentials) {
        RequestDefaults old = settings.requests();
        settings = new FetchSettings(
                settings.traffic(),
                settings.timeouts(),
                new RequestDefaults(
                        old.method(),
                        old.query(),
                        old.headers(),
                        old.body(),
                        old.validStatus(),
                        old.validBody(),
                        credentials[0].id(),
                        old.cookies()),
                settings.redirects(),
                settings.storage(),
                settings.network(),
                List.of(credentials));
    }

    private FetchEngine engine(GroupPace pace) {
        try {
            return new FetchEngine(
                    reactor, settings, new FetchEngine.Run("test", "test", retry.retries(), pace, variables::get));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void after() {
        close();
    }

    @Override
    public void close() {
        reactor.close();
        timer.shutdownNow();
    }
}
