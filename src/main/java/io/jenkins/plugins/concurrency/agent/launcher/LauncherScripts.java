package io.jenkins.plugins.concurrency.agent.launcher;

import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The shell scripts that run behind a launcher, and how they are started. They are passed as files, because launchers
 * treat quotes and dollar signs in arguments differently. They need a POSIX shell. The names of their variables are
 * unusual, because programs inherit a variable that is in the environment.
 */
final class LauncherScripts {

    /** How a program gets its input. */
    enum Transport {
        /**
         * Through a named pipe that the agent writes to. Both must be on one kernel. An empty line at the beginning of
         * the output says that the process has begun.
         */
        PIPE,
        /** By a program {@code tail}, from a file that the agent appends to. */
        TAIL,
        /** It has none, and writes its exit code to a file when it has ended. */
        NONE
    }

    /** Before a line for users that says why a limit can't be set. */
    static final String REFUSED = "concurrency-steps: ";

    /** Added to the file of a program without input: its exit code, as a proof that it has ended. */
    static final String END = ".end";

    /** Added to the name of the pipe for requests: the pipe for replies. */
    static final String REPLIES = ".out";

    /**
     * In a program that gets its input through a pipe: the value of {@link PoolEnvironment#WORKER}. The launcher's client
     * does not have it. That may run as the agent's user while the program runs as another.
     */
    static final String INSIDE = "CONCURRENCY_STEPS_INSIDE";

    /** What {@link #TASKS} says first if each task gets a session of its own. */
    static final String SESSIONS = "sessions";

    private static final String FILE_OF_PIPE = ".pipe";
    private static final String WRITABLE = "writable";

    /** Limits a program and gives it its input. The rest of its arguments is the program. */
    static final String STARTER = String.join(
            "\n",
            "_cs_file=$1 _cs_transport=$2 _cs_nice=$3 _cs_data=$4",
            "shift 4",
            "(: >\"${_cs_file%/*}/" + WRITABLE + "\") 2>/dev/null || {",
            "echo \"" + REFUSED + "the container or launcher must be able to write to the workspace's folders, also ${_cs_file%/*}\" >&2",
            "exit 1; }",
            "if [ \"$_cs_data\" != 0 ] && ! ulimit -d \"$_cs_data\"",
            "then echo \"" + REFUSED + "'memory' needs a shell that can set this limit, as Linux has it\" >&2; exit 1",
            "fi",
            "if [ \"$_cs_nice\" != 0 ]",
            "then command -v nice >/dev/null || {",
            "echo \"" + REFUSED + "'nice' needs the program nice, which the container or launcher does not have\" >&2; exit 1; }",
            "set -- nice -n \"$_cs_nice\" \"$@\"",
            "fi",
            "_cs_code=0",
            "case $_cs_transport in",
            "pipe) export " + INSIDE + "=\"$" + PoolEnvironment.WORKER + "\"",
            "echo",
            "exec \"$@\" <\"$_cs_file\" ;;",
            "tail) mkfifo \"$_cs_file" + FILE_OF_PIPE + "\"",
            "tail -n +1 -f \"$_cs_file\" >\"$_cs_file" + FILE_OF_PIPE + "\" &",
            "_cs_feeder=$!",
            "\"$@\" <\"$_cs_file" + FILE_OF_PIPE + "\" || _cs_code=$?",
            "kill $_cs_feeder ;;",
            "*) \"$@\" || _cs_code=$?",
            "echo \"$_cs_code\" >\"$_cs_file" + END + "\" ;;",
            "esac",
            "exit \"$_cs_code\"",
            "");

    /**
     * A shell that runs one task after the other. It opens the pipe for its replies, reads a line, and then says that
     * each task gets a session of its own, or what is missing. Then it reads a line for each: its index, its cookie, and
     * words to evaluate. Tasks run in the foreground, because SIGINT is ignored in the background.
     */
    static final String TASKS = String.join(
            "\n",
            "_cs_files=$" + PoolEnvironment.FILES + " _cs_directory=$(pwd)",
            "unset " + PoolEnvironment.FILES + " " + PoolEnvironment.WORKER + " " + INSIDE,
            "export " + PoolEnvironment.BRANCH,
            "exec 3>\"${0%.cmd}" + REPLIES + "\"",
            "read -r _cs_task || exit",
            "if ! setsid true; then echo \"there is no program 'setsid'\"",
            "elif setsid false; then echo \"the program 'setsid' does not wait for what it starts\"",
            "elif ! times >/dev/null; then echo \"the shell does not know 'times'\"",
            "else echo " + SESSIONS,
            "fi >&3",
            "while read -r _cs_task " + PoolEnvironment.BRANCH + " _cs_words",
            "do cd \"$_cs_directory\" || { { echo; echo; echo cd; } >&3; continue; }",
            "unset OLDPWD",
            "eval \"setsid $_cs_words\" 3>&- </dev/null >\"$_cs_files/$_cs_task.out\" 2>\"$_cs_files/$_cs_task.err\"",
            "_cs_code=$?",
            "{ times; echo \"$_cs_code\"; } >&3",
            "done",
            "");

    /**
     * Ends all processes that have a variable, first by request. It needs neither {@code ps} nor a process of the same
     * user on the agent. Exit code 2 means that it can't find them.
     */
    static final String KILL = String.join(
            "\n",
            "[ -r /proc/self/environ ] && command -v tr >/dev/null && command -v grep >/dev/null || exit 2",
            "found() {",
            "for _cs_file in /proc/[0-9]*/environ",
            "do tr '\\000' '\\n' <\"$_cs_file\" | grep -qxF -e \"$1\" && _cs_id=${_cs_file#/proc/} && echo \"${_cs_id%/environ}\"",
            "done",
            "}",
            "_cs_signal=TERM",
            "for _cs_look in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
            "do _cs_left=$(found \"$1\")",
            "[ -n \"$_cs_left\" ] || exit 0",
            "kill -$_cs_signal $_cs_left",
            "sleep 0.2 || sleep 1",
            "[ $_cs_look -lt 10 ] || _cs_signal=KILL",
            "done 2>/dev/null",
            "");

    private LauncherScripts() {}

    /**
     * The command line that starts a program by {@link #STARTER}.
     *
     * @param starter the file with the starter
     * @param file the requests, or the name of the file without input
     */
    static List<String> started(
            String starter, String file, Transport transport, CommandOptions options, List<String> program) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", starter, file));
        command.add(transport.name().toLowerCase(Locale.ROOT));
        command.add(Integer.toString(options.nice()));
        command.add(Long.toString(options.memory() * 1024L));
        command.addAll(program);
        return command;
    }

    /** The beginning of the command line of a program that no starter limits. */
    static List<String> nice(CommandOptions options) {
        return options.nice() == 0 ? List.of() : List.of("nice", "-n", Integer.toString(options.nice()));
    }
}
