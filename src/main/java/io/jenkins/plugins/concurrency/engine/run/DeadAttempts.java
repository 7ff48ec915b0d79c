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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** What is left of attempts whose process died: running processes and half-written files. */
public final class DeadAttempts {

    private DeadAttempts() {}

    /**
     * Ends the processes and removes the files, also those outside the run directory. For a run that has no supervisor
     * and will have none. Blocks, some seconds at most for the processes.
     *
     * @throws IOException if the run directory can't be read or a file can't be removed
     */
    public static void end(RunFiles files) throws IOException {
        RunSpec spec;
        try {
            spec = files.readSpec();
        } catch (NoSuchFileException e) {
            return; // nothing was ever begun
        }
        end(files, spec, JournalIndex.read(files.journal()), new LocalHost(files.outputs()));
    }

    /** As {@link #end(RunFiles)}, in a process that continues the run and has started nothing yet. */
    static void end(RunFiles files, RunSpec spec, JournalIndex before, PoolHost host) throws IOException {
        // They would run beside their own repetition, and write to the files.
        host.kill(PoolEnvironment.runCookie(spec.id())).toCompletableFuture().join();
        if (spec.work() instanceof WorkSpec.Fetch fetch) {
            removePartialFiles(files, spec, fetch, before);
        }
        removeOutputs(files);
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

    private static void removeOutputs(RunFiles files) throws IOException {
        if (!Files.isDirectory(files.outputs())) {
            return;
        }
        List<Path> inwards;
        try (Stream<Path> outputs = Files.walk(files.outputs())) {
            inwards = outputs.skip(1).sorted(Comparator.reverseOrder()).toList();
        }
        for (Path output : inwards) {
            Files.delete(output);
        }
    }
}
