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
    /** {@code null} if cookies are kept only for the redirects of one attempt. */
    @CheckForNull
    private final CookieJar cookies;

    private final ResumeState.Partials partials = new ResumeState.Partials();
    private final int retries;

    @CheckForNull
    private final GroupPace pace;

    /**
     * The data of one run.
     *
     * @param runId part of the names of temporary files. Runs at the same time have different ones. A run that is
     *     started again has the same one as before. Letters, digits, {@code -} and {@code _}
     * @param owner who claims the memory for the run's texts, see {@link TextBudget}
     * @param retries how many further attempts a branch may get. The received part of a broken download is kept for
     *     them
     * @param pace the rate for further requests of an attempt, which follow redirects; {@code null} to send them at
     *     once
     * @param variables gives the value of a variable of the run's environment, {@code null} if it is not set
     */
    public record Run(
            String runId, Object owner, int retries, @CheckForNull GroupPace pace, Function<String, String> variables) {}

    /**
     * @param reactor may also serve other runs; the engine does not close it
     * @throws IOException if the run lacks something that its settings name; the message is one line
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
        this.network = reactor.network(settings.network(), proxies); // last: only an engine that was made releases it
    }

    /** What users should know about the proxies of requests, one line for each note. */
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
                        new ResumeState(plan, partials, branch, number > retries, settings.traffic().auto()))
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

    /**
     * Removes the partial files of broken downloads that no attempt will continue. Called once, after the last attempt
     * has ended.
     */
    @Override
    public void close() {
        partials.discardAll();
        reactor.releaseNetwork(settings.network(), proxies);
    }

    /** The origin of the branch's URL. Redirects may lead to other origins. */
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
