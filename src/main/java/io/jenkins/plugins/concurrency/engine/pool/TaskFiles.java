package io.jenkins.plugins.concurrency.engine.pool;

import java.nio.file.Path;

/**
 * The files of one running command.
 *
 * @param stdout its standard output
 * @param stderr its standard error
 * @param script its script, where it does not fit on a command line
 */
record TaskFiles(Path stdout, Path stderr, Path script) {

    static TaskFiles in(Path directory, int index) {
        return new TaskFiles(
                directory.resolve(index + ".out"),
                directory.resolve(index + ".err"),
                directory.resolve(index + ".cmd"));
    }

    void delete() {
        stdout.toFile().delete();
        stderr.toFile().delete();
        script.toFile().delete();
    }
}
