package io.jenkins.plugins.concurrency.engine.supervisor.client;

import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.process.CompilationDelay;
import io.jenkins.plugins.concurrency.engine.process.DetachedProcess;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.supervisor.NetworkOptions;
import io.jenkins.plugins.concurrency.engine.supervisor.Supervisor;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RunRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Starts supervisors as processes that continue when the process that started them ends. */
public final class SupervisorLauncher {

    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            // Without memory nothing works properly. Another supervisor continues.
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            // Versions after Java 17 make a method handle for each constructor that is called by reflection.
            "-Djdk.reflect.useNativeAccessorOnly=true",
            "-Dsun.stderr.encoding=UTF-8", // of Java 17, the next of later ones: the log is read as UTF-8
            "-Dstderr.encoding=UTF-8",
            "-Dslf4j.internal.verbosity=ERROR");

    private SupervisorLauncher() {}

    /**
     * The options of a supervisor's JVM.
     *
     * @param heapMib its heap
     */
    public static List<String> jvmOptions(int heapMib) {
        List<String> options = new ArrayList<>();
        int youngMib = Math.max(16, heapMib / 16);
        options.add("-Xmx" + heapMib + "m");
        // By default the whole heap is committed from the start, and this collector never gives memory back.
        options.add("-Xmn" + youngMib + "m");
        options.add("-Xms" + (youngMib + 8) + "m");
        options.addAll(JVM_OPTIONS);
        options.add(LocalPath.jvmOption());
        options.addAll(LocalPath.charsetOption());
        options.addAll(CompilationDelay.options());
        return options;
    }

    /**
     * Gives the run a supervisor: submits it to the agent's shared one, or starts one and does not wait for it. From
     * now on the supervisor counts as alive. If it ends at once, the run's log says why.
     *
     * @param environment the whole environment of the run; the supervisor's own environment gets nothing of it
     * @throws IOException if it can't be started, in one line
     */
    public static void start(
            RunFiles files, SupervisorSettings settings, Map<String, String> environment) throws IOException {
        if (SupervisorLiveness.isAlive(files)) {
            return;
        }
        Path directory = files.directory().toAbsolutePath();
        WorkSpec work = files.readSpec().work();
        Map<String, String> all = new HashMap<>(environment);
        if (work instanceof WorkSpec.Fetch) {
            NetworkOptions.addTo(all, System.getProperties()); // the supervisor passes it to no command
        }
        NodeLimits left = IsolatedRunRecord.remaining(settings.shared(), settings.limits());
        RunRequest request = new RunRequest(directory, all, left);
        // A run whose supervisor died gets its own supervisor: the run may be the reason.
        boolean mayShare = settings.shared() != null && !Files.exists(files.pid()) && !Files.exists(files.starting());
        if (!mayShare || !shared(settings).give(request, files.log(), files.starting())) {
            RunRequest alone = new RunRequest(directory, all, left.half());
            long pid = DetachedProcess.local()
                    .start(new DetachedProcess.Launch(
                            commandLine(settings), directory, environment(), alone.bytes(), files.log(), files.starting()));
            IsolatedRunRecord.started(settings.shared(), pid, alone.limits(), settings.heapMib());
        }
    }

    /**
     * Starts the agent's shared supervisor for later runs, unless there is one. Does not wait for it.
     *
     * @param settings of a shared supervisor
     * @throws IOException if it can't be started
     */
    public static void prepare(SupervisorSettings settings) throws IOException {
        shared(settings).prepare();
    }

    private static SharedSupervisors shared(SupervisorSettings settings) throws IOException {
        return new SharedSupervisors(settings.shared(), commandLine(settings), environment());
    }

    private static Map<String, String> environment() {
        return NeutralEnvironment.of(System.getenv());
    }

    private static List<String> commandLine(SupervisorSettings settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions(settings.heapMib()));
        command.addAll(NetworkOptions.options(System.getProperties()));
        String joined = String.join(File.pathSeparator, settings.classPath());
        if (settings.shared() != null) {
            command.addAll(ClassArchive.options(joined, settings.shared().key().id(), settings.archive()));
        }
        command.add("-cp");
        command.add(joined);
        command.add(Supervisor.class.getName());
        return command;
    }

    /**
     * The environment of supervisors. It has the agent's variables that a JVM and system programs need, and nothing of a
     * build, because every process of the user can read it.
     */
    private static final class NeutralEnvironment {

        private static final Set<String> NAMES = Set.of(
                "PATH", "HOME", "USER", "LOGNAME", "LANG", "LOCPATH", "LOCALE_ARCHIVE", "TZ", "TMPDIR", "TMP", "TEMP",
                "JAVA_HOME",
                "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
                // of Windows
                "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERNAME", "USERPROFILE", "APPDATA",
                "LOCALAPPDATA", "PROGRAMDATA");

        private NeutralEnvironment() {}

        /** @param agent the environment of the agent's own process */
        static Map<String, String> of(Map<String, String> agent) {
            Map<String, String> neutral = new TreeMap<>(agent);
            neutral.keySet().removeIf(name -> !isNeutral(name.toUpperCase(Locale.ROOT)));
            neutral.put("LANGUAGE", "en"); // what the system says becomes part of messages, which are in one language
            return neutral;
        }

        private static boolean isNeutral(String name) {
            return NAMES.contains(name)
                    || name.startsWith("LC_")
                    || name.startsWith("LD_")
                    || name.startsWith("DYLD_");
        }
    }
}
