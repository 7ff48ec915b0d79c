package io.jenkins.plugins.concurrency.engine.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How this kind of machine starts a process that continues when its parent ends. */
public enum DetachedProcess {
    /**
     * In its own session where there is {@code setsid}, and not as a child of this process. A parent that replaces
     * itself by another program would never read its exit status. Agents that have lost their connection do that.
     */
    POSIX {
        @Override
        long start(Launch launch, ProcessBuilder builder) throws IOException {
            builder.command(shells(launch)).redirectErrorStream(true);
            Process shell = builder.start();
            try (BufferedReader output = shell.inputReader(StandardCharsets.UTF_8)) {
                List<String> lines = new ArrayList<>();
                String line;
                for (; (line = output.readLine()) == null || !line.startsWith(STARTED); lines.add(line)) {
                    if (line == null) {
                        throw new IOException("can't start " + launch.command().get(0) + ": " + String.join(" ", lines));
                    }
                }
                feed(launch, shell);
                return Long.parseLong(line.substring(STARTED.length()));
            } finally {
                // Leaves its child an orphan. Had it put the child into the background, the child and all that it
                // starts would ignore SIGINT.
                shell.destroyForcibly();
                shell.onExit().join();
            }
        }
    },
    /** As any process: what ends a process here does not reach its children. */
    WINDOWS {
        @Override
        long start(Launch launch, ProcessBuilder builder) throws IOException {
            Process process = builder.command(launch.command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()))
                    .start();
            Files.writeString(launch.announcement(), announcement(process.pid()));
            feed(launch, process);
            return process.pid();
        }
    };

    /**
     * What to start.
     *
     * @param command the program and its arguments
     * @param directory where it runs
     * @param environment all of its environment; on POSIX systems variables with names that are none there may get lost
     * @param input its standard input
     * @param log takes what it writes, at its end
     * @param announcement a file that names its process id and when it was started, in milliseconds since the epoch;
     *     there before the program begins, on Windows soon after
     */
    public record Launch(
            List<String> command,
            Path directory,
            Map<String, String> environment,
            byte[] input,
            Path log,
            Path announcement) {}

    /** What the shell says when nothing but the program itself can go wrong any more. */
    private static final String STARTED = "started ";

    /** Waits for its child, until it is killed. With nothing behind it, a shell would become the program itself. */
    private static final String WAIT = "\"$@\"; :";

    /** Output before the log is open goes to the starter. The shell's PWD is not passed on. */
    private static final String BECOME = String.join(
            "\n",
            "echo \"$$ $2\" >\"$1\" || exit",
            "exec 3>&1 >>\"$3\" 2>&1",
            "echo \"" + STARTED + "$$\" >&3",
            "exec 3>&-",
            "unset PWD OLDPWD",
            "shift 3",
            "exec \"$@\"");

    /** Without a session of its own, what the terminal sends to all must be ignored. */
    private static final String IGNORE_TERMINAL = "trap '' HUP INT QUIT\n";

    /** The way of this machine. */
    public static DetachedProcess local() {
        return File.separatorChar == '\\' ? WINDOWS : POSIX;
    }

    /**
     * Starts a program and returns when it has taken its input, as far as the system does not keep that for it.
     *
     * @return its process id
     * @throws IOException if there is nothing to start it with or its log can't be written, in one line. What is wrong
     *     with the program itself, its log may say
     */
    public long start(Launch launch) throws IOException {
        ProcessBuilder builder = new ProcessBuilder().directory(launch.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        return start(launch, builder);
    }

    abstract long start(Launch launch, ProcessBuilder builder) throws IOException;

    /** What stands before a command that is to get a session of its own; empty where nothing gives it one. */
    public static List<String> setsid() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid").filter(file -> Files.isExecutable(Path.of(file))).limit(1).toList();
    }

    private static void feed(Launch launch, Process process) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(launch.input());
        } catch (IOException e) {
            // It has ended without having read all. The next look at it shows that it is gone.
        }
    }

    private static List<String> shells(Launch launch) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WAIT, "sh"));
        List<String> setsid = setsid();
        command.addAll(setsid);
        command.addAll(List.of("/bin/sh", "-c", setsid.isEmpty() ? IGNORE_TERMINAL + BECOME : BECOME, "sh"));
        command.add(launch.announcement().toString());
        command.add(Long.toString(System.currentTimeMillis()));
        command.add(launch.log().toString());
        command.addAll(launch.command());
        return command;
    }

    private static String announcement(long pid) {
        return pid + " " + System.currentTimeMillis() + "\n";
    }
}
