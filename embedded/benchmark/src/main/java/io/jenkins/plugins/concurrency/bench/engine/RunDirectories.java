package io.jenkins.plugins.concurrency.bench.engine;

import io.jenkins.plugins.concurrency.bench.process.Scratch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.ProcessingSpec;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;

/** Writes run directories as steps do that are called with their defaults. */
public final class RunDirectories {

    private final Scratch scratch;

    public RunDirectories(Scratch scratch) {
        this.scratch = scratch;
    }

    /**
     * A fetch run.
     *
     * @param files where bodies go, or {@code null} to have them as text
     */
    public Path fetch(Iterable<String> urls, int concurrency, Path files) throws IOException {
        BodyStorage storage = files == null ? new BodyStorage(null, null, 0) : new BodyStorage(files.toString(), "files", 0);
        return fetch(urls, new WorkSpec.Fetch(settings(concurrency, storage), null));
    }

    /** A fetch run with adaptive limits. */
    public Path adaptiveFetch(Iterable<String> urls) throws IOException {
        TrafficSettings traffic = new TrafficSettings(TrafficSettings.MOST_OF_AUTO, 0, 0, true);
        return fetch(urls, new WorkSpec.Fetch(settings(traffic, new BodyStorage(null, null, 0)), null));
    }

    private static FetchSettings settings(int concurrency, BodyStorage storage) {
        return settings(new TrafficSettings(concurrency, 0, 0), storage);
    }

    private static FetchSettings settings(TrafficSettings traffic, BodyStorage storage) {
        FetchSettings standard = FetchSettings.standard(storage);
        return new FetchSettings(
                traffic,
                standard.timeouts(),
                standard.requests(),
                standard.redirects(),
                storage,
                standard.network(),
                standard.credentials());
    }

    private Path fetch(Iterable<String> urls, WorkSpec work) throws IOException {
        RunFiles run = newRun(new BranchSettings(false, RetryPolicy.none(), Duration.ofSeconds(60)), work);
        try (BranchFile.Writer branches = new BranchFile.Writer(run.branches())) {
            for (String url : urls) {
                branches.add(Map.of("name", url, "url", url));
            }
            branches.commit();
        }
        return run.directory();
    }

    /** A fetch run whose bodies are texts that a Groovy function gets. */
    public Path mixed(Iterable<String> urls, int concurrency, String function, int workers) throws IOException {
        PoolSettings pool =
                new PoolSettings(workers, null, function, scratch.directory("workspace").toString());
        ProcessingSpec process = new ProcessingSpec(pool, new BranchSettings(false, RetryPolicy.none(), Duration.ZERO));
        return fetch(urls, new WorkSpec.Fetch(settings(concurrency, new BodyStorage(null, null, 0)), null, process));
    }

    /** A run of one and the same command. */
    public Path commands(String command, int count, int workers) throws IOException {
        return pool(null, workers, count, index -> Map.of("name", command + " #" + (index + 1), "command", command));
    }

    /** A run of a Groovy function. */
    public Path function(String function, IntFunction<Object> input, int count, int workers) throws IOException {
        return pool(
                function, workers, count, index -> Map.of("name", Integer.toString(index), "input", input.apply(index)));
    }

    private Path pool(String function, int workers, int count, IntFunction<Map<String, Object>> branch)
            throws IOException {
        PoolSettings settings =
                new PoolSettings(workers, null, function, scratch.directory("workspace").toString());
        RunFiles run = newRun(new BranchSettings(false, RetryPolicy.none(), Duration.ZERO), new WorkSpec.Pool(settings));
        try (BranchFile.Writer branches = new BranchFile.Writer(run.branches())) {
            for (int i = 0; i < count; i++) {
                branches.add(branch.apply(i));
            }
            branches.commit();
        }
        return run.directory();
    }

    private RunFiles newRun(BranchSettings policy, WorkSpec work) throws IOException {
        RunFiles run = new RunFiles(scratch.directory("run"));
        run.writeSpec(new RunSpec(UUID.randomUUID().toString(), policy, work, List.of(), RunLimits.NONE));
        return run;
    }
}
