package io.jenkins.plugins.concurrency.engine.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The program that gives another one a session of its own, on machines that have it. */
public final class Setsid {

    private Setsid() {}

    /** What stands before a command that is to get a session of its own; empty where nothing gives it one. */
    public static List<String> prefix() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid")
                .filter(file -> Files.isExecutable(Path.of(file)))
                .limit(1)
                .toList();
    }
}
