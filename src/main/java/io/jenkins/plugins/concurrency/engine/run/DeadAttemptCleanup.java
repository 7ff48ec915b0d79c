package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.BranchTarget;
import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.UniqueFileNames;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptCounter;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.function.IntPredicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Cleans up after attempts whose process died: running processes and half-written files. */
public final class DeadAttemptCleanup {

    private static final Logger LOGGER = Logger.getLogger(DeadAttemptCleanup.class.getName());

    private DeadAttemptCleanup() {}

    /**
     * Removes a run whose supervisor is gone: ends its processes, and removes what it has half written, also outside the run
     * directory, and then that directory. Blocks, some seconds at most for the processes.
     *
     * @param files nothing of them needs to be there or whole
     * @throws IOException if the directory can't be removed
     */
    public static void removeRun(RunFiles files) throws IOException {
        try {
            if (Files.exists(files.spec())) { // otherwise nothing was ever begun
                end(files, files.readSpec(), JournalIndex.read(files.journal()), new LocalHost(files.outputs()));
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "something may be left of " + files.directory());
        }
        files.delete();
    }

    /**
     * Ends the processes and removes the files. For a process that continues the run and has started nothing yet.
     *
     * @throws IOException if the run directory can't be read or a file can't be removed
     */
    static void end(RunFiles files, RunSpec spec, JournalIndex before, PoolHost host) throws IOException {
        // Otherwise they would run beside the repeated attempts, and write to the same files.
        host.kill(PoolEnvironment.runCookie(spec.id())).toCompletableFuture().join();
        if (spec.work() instanceof WorkSpec.Fetch fetch) {
            removePartialFiles(files, spec, fetch, before);
        }
        RunFiles.delete(files.outputs());
    }

    private static void removePartialFiles(RunFiles files, RunSpec spec, WorkSpec.Fetch fetch, JournalIndex before)
            throws IOException {
        boolean isListed = Files.exists(files.feed()) || Files.exists(files.branches());
        if (fetch.settings().storage().base() == null || !isListed) {
            return;
        }
        IntPredicate begun = AttemptFile.begun(files.attempts());
        BranchFile.Parser<FetchBranch> parser = new UniqueFileNames(fetch.settings())::read;
        IntPredicate leaveOut = index -> !begun.test(index) || before.hasEnded(index);
        try (BranchSource<FetchBranch> branches =
                FedBranches.of(files, parser, leaveOut, AttemptCounter.NONE, () -> true)) {
            for (FetchBranch branch; (branch = branches.next()) != null; ) {
                BranchTarget.removePartial(fetch.settings(), spec.id(), branch);
            }
        }
    }
}
