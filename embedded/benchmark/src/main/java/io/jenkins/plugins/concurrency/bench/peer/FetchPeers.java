package io.jenkins.plugins.concurrency.bench.peer;

import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.bench.process.Programs;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import io.jenkins.plugins.concurrency.bench.race.CommandContender;
import io.jenkins.plugins.concurrency.bench.race.CommandContender.Clock;
import io.jenkins.plugins.concurrency.bench.race.Drop;
import io.jenkins.plugins.concurrency.bench.race.Entry;
import io.jenkins.plugins.concurrency.bench.race.Race;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds the programs that people fetch with to a race. Each is given the options that make it fast. */
public final class FetchPeers {

    private static final String NOT_INSTALLED = "not installed";

    private final Race race;
    private final FetchWork work;
    private final Scratch scratch;
    private final Children children;

    public FetchPeers(Race race, FetchWork work, Scratch scratch, Children children) {
        this.race = race;
        this.work = work;
        this.scratch = scratch;
        this.children = children;
    }

    /** {@code curl --parallel}. */
    public Entry curl() throws IOException {
        Drop drop = drop();
        StringBuilder config = new StringBuilder();
        for (String url : work.urls()) {
            String output = drop instanceof Drop.Directory files
                    ? files.directory().resolve(url.substring(url.lastIndexOf('/') + 1)).toString()
                    : "/dev/null";
            config.append("url = \"").append(url).append("\"\noutput = \"").append(output).append("\"\n");
        }
        Path file = Files.writeString(scratch.file("curl"), config);
        return add("curl --parallel", Programs.find("curl"), NOT_INSTALLED, Clock.WHOLE_PROCESS, drop,
                "--disable", "--silent", "--show-error", "--fail", "--parallel",
                "--parallel-max", Integer.toString(work.concurrency()), "--config", file.toString());
    }

    /** A script with aiohttp. */
    public Entry aiohttp() throws IOException {
        Drop drop = drop();
        String directory = drop instanceof Drop.Directory files ? files.directory().toString() : "-";
        return add("aiohttp", Programs.python("aiohttp"), "python3-aiohttp is not installed", Clock.PRINTED, drop,
                Scripts.extract("aiohttp_fetch.py", scratch).toString(),
                urls().toString(), Integer.toString(work.concurrency()), directory);
    }

    /** aria2, which can only write files. */
    public Entry aria2() throws IOException {
        if (!work.toFiles()) {
            return race.addPeer("aria2c", Optional.empty(), "writes files only");
        }
        Drop.Directory drop = directory();
        return add("aria2c", Programs.find("aria2c"), NOT_INSTALLED, Clock.WHOLE_PROCESS, drop,
                "--no-conf", "--quiet", "--max-concurrent-downloads=" + work.concurrency(),
                "--max-connection-per-server=1", "--file-allocation=none", "--allow-overwrite=true",
                "--auto-file-renaming=false", "--disable-ipv6=true", "--dir=" + drop.directory(),
                "--input-file=" + urls());
    }

    /** GNU Wget2. */
    public Entry wget2() throws IOException {
        Drop drop = drop();
        String[] where = drop instanceof Drop.Directory files
                ? new String[] {"--directory-prefix=" + files.directory()}
                : new String[] {"--output-document=/dev/null"};
        return add("wget2", Programs.find("wget2"), NOT_INSTALLED, Clock.WHOLE_PROCESS, drop,
                "--no-config", "--quiet", "--no-hsts", "--no-proxy", "--max-threads=" + work.concurrency(),
                "--input-file=" + urls(), where[0]);
    }

    private Entry add(
            String name, Optional<Path> program, String whyMissing, Clock clock, Drop drop, String... arguments) {
        return race.addPeer(
                name,
                program.map(path -> {
                    List<String> command = new ArrayList<>(List.of(path.toString()));
                    command.addAll(List.of(arguments));
                    return new CommandContender(name, command, clock, drop, children, scratch);
                }),
                whyMissing);
    }

    private Path urls() throws IOException {
        return Files.write(scratch.file("urls"), work.urls());
    }

    private Drop drop() {
        return work.toFiles() ? directory() : new Drop.Nowhere();
    }

    private Drop.Directory directory() {
        return new Drop.Directory(scratch.file("files"), work.urls().size(), work.bytes());
    }
}
