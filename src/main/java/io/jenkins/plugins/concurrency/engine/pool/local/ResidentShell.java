package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A shell that starts one task after the other. It starts a process in half the time that this process needs, gives
 * each its own process group, and reports its processor time. A thread of this process reads its replies.
 *
 * <p>No task runs in the shell itself: each is a fork, which becomes another program. Arguments of a task are passed as
 * data.
 */
final class ResidentShell {

    /** Receives the end of a task. One method is called, once for each task, by the thread that reads replies. */
    interface Listener {

        /** The task has ended. */
        void ended(ShellReply reply);

        /** The shell itself has ended, so it is not known how the task ended. */
        void crashed(int exitCode);
    }

    /**
     * Reads four texts for each task, each with a NUL after it: its index, its cookie, how to run it, and the script.
     * The names of the variables are unusual, because tasks would inherit a variable that is in the environment.
     *
     * <p>Job control gives each task its own process group. But then {@code wait} also returns when a task is stopped,
     * as if a signal had ended it. So the shell checks whether the process still exists. {@code wait -f} should wait
     * for the end, but in Bash 5.2 it reads freed memory, and sometimes never returns.
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

    /** The running task. Guarded by this. */
    private Listener current;

    /** Guarded by this. */
    private boolean gone;

    /** The number of tasks so far. Guarded by this. */
    private int begun;

    private ResidentShell(Process process) {
        this.process = process;
    }

    /** @param builder starts a shell that runs {@link #LOOP} */
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
     * Starts a task. Call when the task before it has ended.
     *
     * @throws IOException if the shell does not accept it; the listener is not called then
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

    /** How many tasks this shell has got. */
    synchronized int begun() {
        return begun;
    }

    long pid() {
        return process.pid();
    }

    /** The processes that the shell has started. Each is the first of its process group. */
    List<ProcessHandle> tasks() {
        return process.children().toList();
    }

    /** Kills the shell at once. */
    void destroy() {
        process.destroyForcibly();
    }

    /** Kills the shell at once, unless the task has ended meanwhile. A reply that was sent before is still read. */
    void destroyIfRuns(Listener task) {
        synchronized (this) {
            if (current != task) {
                return;
            }
        }
        destroy();
    }

    /** Lets the shell end by itself after its task. */
    void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            destroy(); // the shell has ended, or does not read
        }
    }

    /** Waits until the shell has ended. Call after {@link #close}. Kills the shell if it does not end. */
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
            for (ShellReply reply; (reply = ShellReply.read(answers::readLine, cpuBefore)) != null; ) {
                cpuBefore = reply.cpuMillisAfter();
                Listener listener = take();
                if (listener == null) {
                    break; // a reply without a task
                }
                listener.ended(reply);
            }
        } catch (IOException e) {
            // the shell has ended, or its output is invalid
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
}
