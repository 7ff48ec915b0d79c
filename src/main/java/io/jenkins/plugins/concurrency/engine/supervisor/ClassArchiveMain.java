package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionRehearsal;
import io.jenkins.plugins.concurrency.engine.run.BranchFile;
import io.jenkins.plugins.concurrency.engine.run.JournaledRun;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.Work;
import io.jenkins.plugins.concurrency.engine.schedule.BranchPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/** Loads what supervisors and workers load, for an archive of classes: does a small run, and a function's call. */
public final class ClassArchiveMain {

    private ClassArchiveMain() {}

    /** @param args none */
    public static void main(@NonNull String[] args) throws Exception {
        FunctionRehearsal.run();
        Path directory = Files.createTempDirectory("concurrency-steps");
        try {
            run(new RunFiles(directory), directory.resolve("workspace"));
            new HttpReactor().close();
        } finally {
            delete(directory);
        }
        System.exit(0); // the archive is written now; threads must not delay it
    }

    private static void run(RunFiles files, Path workspace) throws Exception {
        PoolSettings settings = new PoolSettings(1, null, null, workspace.toString());
        BranchPolicy policy = new BranchPolicy(false, RetryPolicy.none(), Duration.ZERO);
        files.writeSpec(new RunSpec(UUID.randomUUID().toString(), policy, new Work.Pool(settings), List.of()));
        try (BranchFile.Writer branches = new BranchFile.Writer(files.branches())) {
            branches.add(new PoolBranch(0, "rehearsal", "true", null).toJson());
            branches.commit();
        }
        SupervisorLock.acquire(files, Duration.ZERO);
        SupervisorLife.begun(files);
        ScheduledExecutorService timer = TimerThread.start("concurrency timer");
        new JournaledRun(files, timer, HttpReactor::new, outcome -> {})
                .start()
                .toCompletableFuture()
                .get();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
