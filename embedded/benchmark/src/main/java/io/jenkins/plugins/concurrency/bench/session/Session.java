package io.jenkins.plugins.concurrency.bench.session;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.RunDirectories;
import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import io.jenkins.plugins.concurrency.bench.race.Progress;
import io.jenkins.plugins.concurrency.bench.race.Race;
import io.jenkins.plugins.concurrency.bench.report.Report;
import io.jenkins.plugins.concurrency.bench.server.WebServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the cases of one call share: the command line's wishes, processes, servers, files. */
public final class Session {

    private static final int QUICK = 10;

    private final Options options;
    private final Scratch scratch;
    private final Children children;
    private final WebServers servers;
    private final Progress progress = new Progress();

    public Session(Options options, Scratch scratch, Children children) throws IOException {
        this.options = options;
        this.scratch = scratch;
        this.children = children;
        this.servers = new WebServers(scratch, children);
    }

    /** How much work to do. */
    public int size(int full) {
        return options.quick() ? full / QUICK : full;
    }

    public int rounds() {
        return options.rounds();
    }

    /** How long an engine works before it counts as warm. */
    public Duration warmUp() {
        return Duration.ofSeconds(options.quick() ? 3 : 10);
    }

    public Scratch scratch() {
        return scratch;
    }

    public Children children() {
        return children;
    }

    public WebServers servers() {
        return servers;
    }

    public RunDirectories runDirectories() {
        return new RunDirectories(scratch);
    }

    public Race race() {
        return new Race(
                progress,
                peer -> options.peers().isEmpty() || options.peers().stream().anyMatch(peer::startsWith));
    }

    /** Shows what goes on, where that is no race. */
    public Progress progress() {
        return progress;
    }

    /** An engine with the heap of a supervisor. */
    public EngineProcess engine(Case of) throws IOException, InterruptedException {
        return engine(of, EngineProcess.HEAP_MB);
    }

    /** An engine with a heap of its own size. */
    public EngineProcess engine(Case of, int heapMb) throws IOException, InterruptedException {
        Path recording = null;
        if (options.recordings() != null) {
            Files.createDirectories(options.recordings());
            recording = options.recordings().resolve(options.suite() + "-" + of.name() + ".jfr");
        }
        return new EngineProcess(children, heapMb, recording, scratch.file("engine-log"));
    }

    /** A table for a case. */
    public Report report(Case of, String title) {
        return new Report(of.name() + ": " + title, System.out);
    }
}
