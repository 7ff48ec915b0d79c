package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.process.Detachment;
import io.jenkins.plugins.concurrency.engine.process.LateCompilation;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.Work;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts supervisors as processes that go on without the one that started them. */
public final class SupervisorLauncher {

    /** How long a supervisor that has done its run waits for another. */
    private static final Duration WAITING = Duration.ofSeconds(60);

    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            // Without memory nothing goes on in order; another supervisor does, where this one was.
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Dslf4j.internal.verbosity=ERROR");

    private SupervisorLauncher() {}

    /**
     * What a supervisor's JVM is told.
     *
     * @param work the kind that it is to do
     * @param heapMib its heap
     */
    @NonNull
    public static List<String> jvmOptions(@NonNull Class<? extends Work> work, int heapMib) {
        List<String> options = new ArrayList<>();
        options.add("-Xmx" + heapMib + "m");
        options.addAll(JVM_OPTIONS);
        options.addAll(compilerOptions(work));
        return options;
    }

    /**
     * Sees to it that the run has a living supervisor: hands it to one that waits for a run, or starts one and returns
     * without waiting for it. It counts as living from now on; if it ends at once, its log says why.
     *
     * @param environment all of the run's environment; nothing of it gets into the supervisor's own
     * @throws IOException if it can't be started, in one line
     */
    public static void start(
            @NonNull RunFiles files, @NonNull SupervisorSettings settings, @NonNull Map<String, String> environment)
            throws IOException {
        if (SupervisorLife.isAlive(files)) {
            return;
        }
        Path directory = files.directory().toAbsolutePath();
        Work work = files.readSpec().work();
        Map<String, String> all = new HashMap<>(environment);
        if (work instanceof Work.Fetch) {
            NetworkOptions.addTo(all, System.getProperties()); // the supervisor hands it to no command
        }
        List<String> command = commandLine(work, settings);
        RunRequest request = new RunRequest(directory, all);
        List<String> kind = List.copyOf(command);
        if (WarmSupervisors.handOver(kind, files, request)) {
            return;
        }
        Path place = WarmSupervisors.place(kind, files);
        if (place != null) {
            command.addAll(List.of(place.toString(), Long.toString(WAITING.toSeconds())));
        }
        Map<String, String> neutral = NeutralEnvironment.of(System.getenv());
        Detachment.local()
                .start(new Detachment.Launch(
                        command, directory, neutral, request.bytes(), files.log(), files.starting()));
    }

    private static List<String> commandLine(Work work, SupervisorSettings settings) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions(work.getClass(), settings.heapMib()));
        command.addAll(NetworkOptions.options(System.getProperties()));
        String joined = String.join(File.pathSeparator, settings.classPath());
        command.addAll(ClassArchive.options(joined, settings.archive()));
        command.add("-cp");
        command.add(joined);
        command.add(Supervisor.class.getName());
        return command;
    }

    /**
     * A pool's supervisor mostly waits for others: what the optimizing compiler costs it, and takes away from them, it
     * never gets back. Fetching is its own work.
     */
    private static List<String> compilerOptions(Class<? extends Work> work) {
        return work == Work.Pool.class ? List.of("-XX:TieredStopAtLevel=1") : LateCompilation.options();
    }
}
