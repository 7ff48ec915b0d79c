package io.jenkins.plugins.concurrency.bench.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds the programs of this machine. */
public final class Programs {

    private static final String BESIDE_PATH = "/usr/sbin:/usr/local/sbin:/sbin";

    private Programs() {}

    /** The program's file, from {@code PATH} or where servers are. */
    public static Optional<Path> find(String name) {
        return all(name).findFirst();
    }

    /** A Python 3 that has a module, the distribution's first: its packages are there. */
    public static Optional<Path> python(String module) {
        return Stream.concat(Stream.of(Path.of("/usr/bin/python3")), all("python3"))
                .filter(Files::isExecutable)
                .distinct()
                .filter(python -> succeeds(List.of(python.toString(), "-c", "import " + module)))
                .findFirst();
    }

    private static Stream<Path> all(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + BESIDE_PATH;
        return Stream.of(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable);
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
