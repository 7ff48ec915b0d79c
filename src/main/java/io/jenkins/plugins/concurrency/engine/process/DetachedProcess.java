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

/** How a kind of machine starts a process that continues when its parent ends. */
public enum DetachedProcess {
    /**
     * In its own session if there is {@code setsid}, and not as a child of this process. An agent that has lost its
     * connection replaces itself by another program, and would then never read the exit status of its child.
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
    /** Like any process: here the end of a process does not end its children. */
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
     * @param environment its whole environment; on POSIX systems variables with names that are not valid there may be
     *     lost, and the locale C may become C.UTF-8
     * @param input its standard input
     * @param log what it writes is appended to this file
     * @param announcement a file with its process id and start time in milliseconds since the epoch; written before the
     *     program begins, on Windows soon after
     */
    public record Launch(
            List<String> command,
            Path directory,
            Map<String, String> environment,
            byte[] input,
            Path log,
            Path announcement) {}

    /**
     * A line of a shell script. A JVM takes the encoding of variables, arguments and names of files from the locale. Where
     * that has only ASCII, as C or one that is not installed, it becomes one that has UTF-8, if there is one. Up to Java 17
     * {@code file.encoding} did that for variables and arguments.
     */
    public static final String NOT_ONLY_ASCII = "case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in C.UTF-8|C.utf8) ;; *)"
            + " [ \"$(locale charmap 2>/dev/null)\" != ANSI_X3.4-1968 ]"
            + " || [ \"$(LC_ALL=C.UTF-8 locale charmap 2>/dev/null)\" != UTF-8 ] || export LC_ALL=C.UTF-8;; esac\n";

    /** What the shell prints when only the program itself can still fail. */
    private static final String STARTED = "started ";

    /**
     * Waits for its child, until it is killed. Without the second command, a shell would replace itself by the program.
     */
    private static final String WAIT = "\"$@\"; :";

    /** Output before the log is open goes to the starting process. The shell's PWD is not passed on. */
    private static final String BECOME = String.join(
            "\n",
            "echo \"$$ $2\" >\"$1\" || exit",
            "exec 3>&1 >>\"$3\" 2>&1",
            "echo \"" + STARTED + "$$\" >&3",
            "exec 3>&-",
            "unset PWD OLDPWD",
            "shift 3",
            NOT_ONLY_ASCII + "exec \"$@\"");

    /** Without its own session, the process must ignore the signals that the terminal sends to all. */
    private static final String IGNORE_TERMINAL = "trap '' HUP INT QUIT\n";

    /** The kind of this machine. */
    public static DetachedProcess local() {
        return File.separatorChar == '\\' ? WINDOWS : POSIX;
    }

    /**
     * Starts a program. Returns when it has read its input, or the system keeps the rest for it.
     *
     * @return its process id
     * @throws IOException if there is no shell or the log can't be written, in one line. Problems of the program itself
     *     may be in its log
     */
    public long start(Launch launch) throws IOException {
        ProcessBuilder builder = new ProcessBuilder().directory(launch.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        return start(launch, builder);
    }

    abstract long start(Launch launch, ProcessBuilder builder) throws IOException;

    /** The beginning of a command line that gives a command its own session; empty if there is no such program. */
    public static List<String> setsid() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid").filter(file -> Files.isExecutable(Path.of(file))).limit(1).toList();
    }

    private static void feed(Launch launch, Process process) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(launch.input());
        } catch (IOException e) {
            // It ended before it had read everything. The next look shows that it is gone.
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
