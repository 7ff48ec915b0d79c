package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.process.Detachment;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.Work;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts supervisors as processes that go on without the one that started them. */
public final class SupervisorLauncher {

    /** What a supervisor's JVM is told. */
    public static final List<String> JVM_OPTIONS = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            // Without memory nothing goes on in order; another supervisor does, where this one was.
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Dslf4j.internal.verbosity=ERROR");

    private SupervisorLauncher() {}

    /**
     * Starts a supervisor unless the run has a living one, and returns without waiting for it. It counts as living from
     * now on; if it ends at once, its log says why.
     *
     * @param classPath the jars that it needs
     * @param environment all of its environment; commands of the run inherit it
     * @throws IOException if it can't be started, in one line
     */
    public static void start(
            @NonNull RunFiles files, @NonNull List<String> classPath, @NonNull Map<String, String> environment)
            throws IOException {
        if (SupervisorLife.isAlive(files)) {
            return;
        }
        Path directory = files.directory().toAbsolutePath();
        Detachment.local()
                .start(new Detachment.Launch(
                        commandLine(files, classPath, directory), directory, environment, files.log(), files.starting()));
    }

    private static List<String> commandLine(RunFiles files, List<String> classPath, Path directory) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(compilerOptions(files));
        String joined = String.join(File.pathSeparator, classPath);
        command.addAll(ClassArchive.options(joined));
        command.add("-cp");
        command.add(joined);
        command.add(Supervisor.class.getName());
        command.add(directory.toString());
        return command;
    }

    /**
     * A pool's supervisor mostly waits for others: what the optimizing compiler costs it, and takes away from them, it
     * never gets back. Fetching is its own work.
     */
    private static List<String> compilerOptions(RunFiles files) {
        try {
            return files.readSpec().work() instanceof Work.Pool ? List.of("-XX:TieredStopAtLevel=1") : List.of();
        } catch (IOException e) {
            return List.of(); // the run has ended, or the supervisor says what is wrong
        }
    }
}
