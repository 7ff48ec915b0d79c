package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Pace;
import java.io.IOException;

/**
 * Makes the attempts of one fetch run. Attempts end on I/O threads of the reactor. Safe for use by many threads.
 *
 * <p>Branches must have passed {@link FileNames} if the settings have a {@code toDir} or branches name files.
 */
public final class FetchEngine implements Attempter<FetchBranch> {

    private final HttpReactor reactor;
    private final Network network;
    private final FetchSettings settings;
    private final FetchPlanner planner;

    @CheckForNull
    private final Pace pace;

    /**
     * @param reactor may serve other runs as well; not closed by the engine
     * @param runId part of the names of temporary files: different for runs that are under way at once, the same when
     *     a run is started again. Letters, digits, {@code -} and {@code _}
     * @param pace that further requests of an attempt, to where redirects lead, keep; {@code null} for at once
     */
    public FetchEngine(
            @NonNull HttpReactor reactor,
            @NonNull FetchSettings settings,
            @NonNull String runId,
            @CheckForNull Pace pace) {
        this.pace = pace;
        this.reactor = reactor;
        this.network = reactor.network(settings.network(), null);
        this.settings = settings;
        this.planner = new FetchPlanner(settings, runId);
    }

    @Override
    public Attempt attempt(FetchBranch branch, int number) {
        FetchPlan plan;
        try {
            plan = planner.plan(branch);
        } catch (IllegalArgumentException e) {
            return Attempt.ended(AttemptResult.hopeless(ErrorType.INVALID, e.getMessage()));
        } catch (IOException e) {
            String message = "can't prepare the request: " + MessageText.line(e.getMessage());
            return Attempt.ended(AttemptResult.failed(ErrorType.ERROR, message));
        }
        return new FetchAttempt(reactor, network, settings, pace, plan).start();
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
