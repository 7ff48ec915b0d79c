package io.jenkins.plugins.concurrency.bench.server;

import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.bench.process.Programs;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Starts servers. */
public final class WebServers {

    private final Scratch scratch;
    private final Children children;
    private final ServedFiles files;

    public WebServers(Scratch scratch, Children children) throws IOException {
        this.scratch = scratch;
        this.children = children;
        this.files = new ServedFiles(scratch.directory("served"));
    }

    /** What they serve. */
    public ServedFiles files() {
        return files;
    }

    /** nginx, or where it is missing one in this process. */
    public WebServer fast() throws IOException, InterruptedException {
        Optional<Path> nginx = Programs.find("nginx");
        return nginx.isPresent()
                ? new Nginx(nginx.get(), scratch.directory("nginx"), files, children)
                : new PlainServer(files, atOnce -> Duration.ZERO);
    }

    /** One that takes its time. */
    public WebServer answeringAfter(Duration delay) throws IOException {
        return loaded(atOnce -> delay);
    }

    /** One that takes its time, or refuses, as its load is. */
    public WebServer loaded(PlainServer.Load load) throws IOException {
        return new PlainServer(files, load);
    }
}
