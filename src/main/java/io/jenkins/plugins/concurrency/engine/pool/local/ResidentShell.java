package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shell that starts one task after the other. It starts a process in half the time that this process needs, gives
 * each its own process group, and reports its processor time. A thread of this process reads its replies.
 *
 * <p>No task runs in the shell itself: each is a fork, which becomes another program. Arguments of a task are passed as
 * data.
 */
final class ResidentShell {

    /** Receives how the task ended. Called once for each, by the reading thread. */
    interface Listener {

        /** The task is over. */
        void ended(ShellReply reply);

        /** The shell itself is gone, so the end of the task is not known. */
        void crashed(int exitCode);
    }

    /**
     * Reads four texts for each task, each preceded by a NUL: its index, its cookie, how to run it, and what. No
     * environment has variables of these names: tasks would inherit them.
     *
     * <p>Job control gives a task its process group. It also makes {@code wait} return when a task is stopped, as if a
     * signal had ended it. So the shell checks then whether the process still exists. {@code wait -f} is meant to wait
     * for the end, but in Bash 5.2 it reads memory that it has freed, and sometimes never returns.
     */
    static final String LOOP = String.join(
            "\n",
            "unset PWD OLDPWD SHLVL",
            "set -m",
            "export CONCURRENCY_STEPS_BRANCH",
            "while IFS= read -r -d '' _cs_i && IFS= read -r -d '' CONCURRENCY_STEPS_BRANCH",
            "do IFS= read -r -d '' _cs_how && IFS= read -r -d '' _cs_what || exit",
            "[ . -ef \"$1\" ] || cd -- \"$1\" || { echo; echo; echo cd; continue; }",
            "case $_cs_how in",
            "eval) eval \"$_cs_what\" </dev/null >\"$2/$_cs_i.out\" 2>\"$2/$_cs_i.err\" & ;;",
            "*) /bin/sh \"$_cs_how\" \"$_cs_what\" </dev/null >\"$2/$_cs_i.out\" 2>\"$2/$_cs_i.err\" & ;;",
            "esac",
            "wait \"$!\"",
            "_cs_code=$?",
            "if [ \"$_cs_code\" -gt 128 ]",
            "then while kill -0 \"$!\"; do /bin/sleep 0.1; wait \"$!\"; done; wait \"$!\"; _cs_code=$?",
            "fi",
            "times",
            "echo \"$_cs_code\"",
            "done");

    private final Process process;

    /** The task under way. Guarded by this. */
    private Listener current;

    /** Guarded by this. */
    private boolean gone;

    /** Tasks so far. Guarded by this. */
    private int begun;

    private ResidentShell(Process process) {
        this.process = process;
    }

    /** @param builder starts a shell with {@link #LOOP} */
    static ResidentShell start(ProcessBuilder builder, int number) throws IOException {
        ResidentShell shell = new ResidentShell(builder.start());
        Thread listener = new Thread(shell::listen, "worker " + number + " shell");
        listener.setDaemon(true);
        listener.start();
        return shell;
    }

    synchronized boolean isGone() {
        return gone || !process.isAlive();
    }

    /**
     * Starts a task. The one before it has ended.
     *
     * @throws IOException if the shell does not take it; the listener is not called then
     */
    void run(List<String> request, Listener listener) throws IOException {
        byte[] bytes = (String.join("\0", request) + '\0').getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            if (gone) {
                throw new IOException("the worker's shell has ended");
            }
            current = listener;
            begun++;
        }
        try {
            OutputStream requests = process.getOutputStream();
            requests.write(bytes);
            requests.flush();
        } catch (IOException e) {
            if (take() == listener) {
                throw e;
            }
        }
    }

    /** How many tasks were sent to it. */
    synchronized int begun() {
        return begun;
    }

    long pid() {
        return process.pid();
    }

    /** The processes that it has started, each the first of its group. */
    List<ProcessHandle> tasks() {
        return process.children().toList();
    }

    /** Ends it at once, whatever it is doing. */
    void destroy() {
        process.destroyForcibly();
    }

    /** Ends it at once, unless a task has ended meanwhile. A reply that is on its way is still read. */
    void destroyIfRuns(Listener task) {
        synchronized (this) {
            if (current != task) {
                return;
            }
        }
        destroy();
    }

    /** Lets it end by itself, when its task has ended. */
    void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            destroy(); // it is gone, or does not listen
        }
    }

    /** Returns when it has ended: at once after {@link #close}, by force if it does not. */
    void awaitEnd() {
        try {
            if (process.waitFor(ProcessKiller.GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        destroy();
    }

    private synchronized Listener take() {
        Listener taken = current;
        current = null;
        return taken;
    }

    private void listen() {
        long cpuBefore = 0;
        try (BufferedReader answers = process.inputReader(StandardCharsets.ISO_8859_1)) {
            for (ShellReply reply; (reply = ShellReply.read(answers, cpuBefore)) != null; ) {
                cpuBefore = reply.cpuMillisBefore() + reply.cpuMillis();
                Listener listener = take();
                if (listener == null) {
                    break; // an unexpected reply
                }
                listener.ended(reply);
            }
        } catch (IOException e) {
            // it is gone, or its output is invalid
        }
        process.destroyForcibly();
        int exitCode = process.onExit().join().exitValue();
        Listener left;
        synchronized (this) {
            gone = true;
            left = take();
        }
        if (left != null) {
            left.crashed(exitCode);
        }
    }

    /**
     * The reply of a {@link ResidentShell} when a task has ended: two lines of {@code times}, about itself and about its
     * children so far, and one with the exit code.
     *
     * @param exitCode the task's, or {@link #NO_DIRECTORY}
     * @param cpuMillisBefore processor time of the tasks before it, in milliseconds
     * @param cpuMillis its own
     */
    record ShellReply(int exitCode, long cpuMillisBefore, long cpuMillis) {

        /** The task was not started, for its directory is not there. */
        static final int NO_DIRECTORY = -1;

        private static final Pattern TIMES = Pattern.compile("(\\d+)m(\\d+)[.,](\\d{3})s (\\d+)m(\\d+)[.,](\\d{3})s");

        /**
         * Reads one.
         *
         * @return {@code null} at the end
         * @throws IOException if it is none
         */
        @CheckForNull
        static ShellReply read(BufferedReader answers, long cpuMillisBefore) throws IOException {
            String own = answers.readLine();
            String children = answers.readLine();
            String code = answers.readLine();
            if (own == null || children == null || code == null) {
                return null;
            }
            if (code.equals("cd")) {
                return new ShellReply(NO_DIRECTORY, cpuMillisBefore, 0);
            }
            Matcher times = TIMES.matcher(children);
            if (!times.matches()) {
                throw new IOException("not a shell's times: " + children);
            }
            long cpu = millis(times, 1) + millis(times, 4);
            try {
                return new ShellReply(Integer.parseInt(code), cpuMillisBefore, Math.max(0, cpu - cpuMillisBefore));
            } catch (NumberFormatException e) {
                throw new IOException("not an exit code: " + code, e);
            }
        }

        private static long millis(Matcher times, int group) throws IOException {
            try {
                long seconds = Long.parseLong(times.group(group)) * 60 + Long.parseLong(times.group(group + 1));
                return seconds * 1000 + Long.parseLong(times.group(group + 2));
            } catch (NumberFormatException e) {
                throw new IOException("not a shell's times: " + times.group(), e);
            }
        }
    }
}
