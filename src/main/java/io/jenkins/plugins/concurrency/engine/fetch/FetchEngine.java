package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.TextBudget;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.engine.fetch.http.Credentials;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySelection;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.GroupPace;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes the attempts of one fetch run. Attempts end on I/O threads of the reactor. Thread-safe.
 *
 * <p>Branches must have passed {@link UniqueFileNames} if the settings have a {@code toDir} or branches name files.
 */
public final class FetchEngine implements Attempter<FetchBranch>, Closeable {

    private final HttpReactor reactor;
    private final ProxySelection proxies;
    private final Network network;
    private final FetchSettings settings;
    private final FetchPlanner planner;
    private final TextBudget.Share textMemory;
    /** {@code null} where cookies are kept for an attempt's redirects only. */
    @CheckForNull
    private final CookieJar cookies;

    private final ResumeState.Partials partials = new ResumeState.Partials();
    private final int retries;

    @CheckForNull
    private final GroupPace pace;

    /**
     * What belongs to one run.
     *
     * @param runId part of the names of temporary files: different for runs that are under way at once, the same when
     *     a run is started again. Letters, digits, {@code -} and {@code _}
     * @param owner whom its memory for texts belongs to, where several share it
     * @param retries how many further attempts a branch may get: what a broken download has brought is kept for them
     * @param pace that further requests of an attempt, to where redirects lead, keep; {@code null} for at once
     * @param variables tells the value of a variable of the run's environment, {@code null} for one that is not set
     */
    public record Run(
            String runId, Object owner, int retries, @CheckForNull GroupPace pace, Function<String, String> variables) {}

    /**
     * @param reactor may serve other runs as well; not closed by the engine
     * @throws IOException if the run lacks something that its settings promise, in one line
     */
    public FetchEngine(HttpReactor reactor, FetchSettings settings, Run run) throws IOException {
        this.reactor = reactor;
        this.proxies = settings.network().proxies(run.variables().apply(FetchSettings.PROXY_PASSWORD), run.variables());
        this.textMemory = reactor.textMemory().share(run.owner());
        this.settings = settings;
        this.pace = run.pace();
        this.cookies = settings.requests().cookies() ? new CookieJar() : null;
        this.retries = run.retries();
        this.planner = new FetchPlanner(
                settings, run.runId(), new Credentials(settings.credentials(), run.variables()));
        this.network = reactor.network(settings.network(), proxies); // last: only who has got an engine leaves it
    }

    /** What people should know about the way that requests take, a line each. */
    public List<String> notes() {
        return proxies.notes();
    }

    @Override
    public Attempt attempt(FetchBranch branch, int number) {
        try {
            return start(planner.plan(branch), branch.index(), number);
        } catch (IllegalArgumentException e) {
            return Attempt.ended(AttemptResult.permanentFailure(ErrorType.INVALID, e.getMessage()));
        } catch (IOException e) {
            String message = "can't prepare the request: " + MessageText.line(e.getMessage());
            return Attempt.ended(AttemptResult.failed(ErrorType.ERROR, message));
        }
    }

    private Attempt start(FetchPlan plan, int branch, int number) {
        Supplier<Attempt> fetch = () -> new FetchAttempt(
                        reactor,
                        network,
                        settings,
                        textMemory,
                        cookies,
                        pace,
                        plan,
                        new ResumeState(plan, partials, branch, number > retries))
                .start();
        if (settings.storage().onExisting() != OnExisting.SKIP || !plan.hasFile()) {
            return fetch.get();
        }
        ExistingFileAttempt existing = new ExistingFileAttempt(plan, fetch);
        if (plan.sha256() == null) {
            existing.check();
        } else {
            reactor.io().readFile(this, existing::check);
        }
        return existing;
    }

    /** Removes what broken downloads have left for attempts that nobody will make. Once, after the last attempt's end. */
    @Override
    public void close() {
        partials.discardAll();
        reactor.releaseNetwork(settings.network(), proxies);
    }

    /** The origin of the branch's URL, where redirects may lead away from. */
    @Override
    @CheckForNull
    public String groupOf(FetchBranch branch) {
        try {
            return FetchUrl.parse(branch.url()).origin().toString();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
