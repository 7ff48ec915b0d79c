package io.jenkins.plugins.concurrency.agent.controller;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunExecutor;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A run that the controller's own process does, until that process ends. Its journal is in the build directory. */
public final class InProcessRun {

    private final RunExecutor run;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** @param observer receives each outcome after it has been journaled */
    public InProcessRun(RunFiles build, RunEnvironment around, OutcomeSink observer) {
        run = new RunExecutor(
                build,
                ControllerReactor.TIMER,
                ControllerReactor::get,
                observer,
                around);
    }

    /**
     * Starts or continues the run.
     *
     * @param onEnd called with the run's end, unless it is suspended
     * @throws IOException if it can't be started, in one line; then {@code onEnd} is not called
     */
    public void start(Consumer<JournalEntry.Finished> onEnd) throws IOException {
        ControllerReactor.RUNS.add(run);
        CompletionStage<JournalEntry.Finished> end;
        try {
            end = run.start();
        } catch (IOException | RuntimeException e) {
            ControllerReactor.RUNS.remove(run);
            over.complete(null);
            throw e;
        }
        end.whenComplete((last, thrown) -> {
            boolean wanted = ControllerReactor.RUNS.remove(run);
            over.complete(null);
            if (wanted) {
                onEnd.accept(thrown == null ? last : new JournalEntry.Finished(0, FailureText.of(thrown)));
            }
        });
    }

    public void cancel(String why) {
        run.cancel(why);
    }

    /** Suspends the run, so that another process can continue it. Completes when nothing of it is running any more. */
    public CompletionStage<Void> suspend() {
        ControllerReactor.RUNS.remove(run);
        run.suspend();
        return over;
    }
}
