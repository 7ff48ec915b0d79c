package io.jenkins.plugins.concurrency.agent.launcher;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The shells of a pool behind a launcher, one for each worker. Thread-safe. */
final class LauncherShells {

    private final LauncherTarget target;
    private final String directory;
    private final CommandOptions options;

    /** Whether processes behind the launcher can read a named pipe that the agent writes to. */
    private final boolean piped;

    /** Whether tasks run in shells that stay. Otherwise each is started by the launcher. */
    private final boolean resident;

    /** Guarded by this. */
    private final Map<Integer, LauncherShell> shells = new HashMap<>();

    /**
     * Starts the first one, to see what the launcher's place has.
     *
     * @param warnings receives a line if each task has to be started by the launcher
     * @throws IOException if no shell can work there, or if there is no way to limit programs as the options say; with a
     *     message of one line
     */
    LauncherShells(LauncherTarget target, String directory, CommandOptions options, Consumer<String> warnings)
            throws IOException, InterruptedException {
        this.target = target;
        this.directory = directory;
        this.options = options;
        String begun = target.shell() == MachineShell.POSIX ? begin(true, warnings) : null;
        piped = begun != null;
        resident = LauncherScripts.SESSIONS.equals(begun);
        if (piped && !resident) {
            close();
            warnings.accept(slow(begun));
        }
    }

    /**
     * Starts the first shell.
     *
     * @param again whether to start another if the launcher's process just ends: one such failure may be chance
     * @return its first reply; {@code null} if it does not get what the agent writes
     */
    @CheckForNull
    private String begin(boolean again, Consumer<String> warnings) throws IOException, InterruptedException {
        LauncherShell first = new LauncherShell(target, 1, directory, options);
        synchronized (this) {
            shells.put(1, first);
        }
        try {
            return first.awaitBegin();
        } catch (InterruptedException e) {
            first.kill();
            throw e;
        } catch (IOException e) {
            first.kill();
            String why = FailureText.of(e);
            int refused = why.indexOf(LauncherScripts.REFUSED);
            if (refused >= 0) {
                throw new IOException(why.substring(refused + LauncherScripts.REFUSED.length()));
            }
            target.checkThere();
            if (!first.hasRefused()) {
                warnings.accept(slow(why));
                return null;
            }
            if (again) {
                return begin(false, warnings);
            }
            throw new IOException("no shell can work in the container or launcher. It must have the workspace's folders"
                    + " where the agent has them, and the agent's user or root: " + why);
        }
    }

    private static String slow(String why) {
        return "the launcher starts each command by itself, which is slow: " + why;
    }

    LauncherScripts.Transport transport() {
        return piped ? LauncherScripts.Transport.PIPE : LauncherScripts.Transport.TAIL;
    }

    /**
     * The shell of a worker. Waits until it has begun.
     *
     * @return {@code null} if there are none here
     * @throws IOException if it does not begin
     */
    @CheckForNull
    LauncherShell of(int worker) throws IOException, InterruptedException {
        if (!resident) {
            return null;
        }
        LauncherShell shell;
        synchronized (this) {
            shell = shells.get(worker);
            if (shell != null && options.maxTasksPerWorker() > 0 && shell.tasks() >= options.maxTasksPerWorker()) {
                shell.close();
                shell = null;
            }
            if (shell == null || shell.isGone()) {
                shell = new LauncherShell(target, worker, directory, options);
                shells.put(worker, shell);
            }
        }
        try {
            shell.awaitBegin();
        } catch (IOException | InterruptedException e) {
            synchronized (this) {
                shells.remove(worker, shell);
            }
            shell.kill();
            throw e;
        }
        return shell;
    }

    /** Ends those that there are, when only other processes are to be started. */
    void close() {
        taken().forEach(LauncherShell::close);
    }

    /**
     * Ends all processes with a cookie, these shells among them. A client whose shell has ended by itself would take long
     * to end.
     */
    CompletionStage<Void> kill(ProcessCookie run) {
        List<LauncherShell> ending = taken();
        ending.forEach(LauncherShell::expectEnd);
        return target.kill(run).whenComplete((nothing, thrown) -> ending.forEach(LauncherShell::close));
    }

    private synchronized List<LauncherShell> taken() {
        List<LauncherShell> taken = List.copyOf(shells.values());
        shells.clear();
        return taken;
    }
}
