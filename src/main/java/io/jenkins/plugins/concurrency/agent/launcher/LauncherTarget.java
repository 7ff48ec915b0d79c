package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.agent.jars.AgentClassPath;
import io.jenkins.plugins.concurrency.agent.jars.LocalJars;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/**
 * The machine behind a launcher, such as a container. Starts and ends processes there, has files that these and the
 * agent can see, and notices when the agent's connection breaks.
 */
final class LauncherTarget {

    private static final Logger LOGGER = Logger.getLogger(LauncherTarget.class.getName());

    private static final long KILL_SECONDS = 60;

    private static final String LOST = "the agent's connection broke";

    private final Launcher launcher;
    private final RunLocation location;
    private final FilePath directory;
    private final EnvVars environment;
    private final LauncherFiles files;

    /** The jars of function workers; {@code null} before they are needed. Guarded by this. */
    private List<String> classPath;

    /** {@code null} before it is needed. Guarded by this. */
    private String killScript;

    private final Runnable onLost;
    private final Object losing = new Object();

    /**
     * Whether the agent's connection broke. After that nothing can be started, and the state of processes is unknown.
     */
    private volatile boolean lost;

    /** Whether the agent sees the processes that the launcher starts. */
    private volatile boolean visible;

    /**
     * @param directory the run directory; must exist
     * @param environment of the step
     * @param copies the folder of this machine for outputs that are kept or followed; created when it is needed
     * @param onLost called once if the agent's connection is broken, before any task ends because of that
     */
    LauncherTarget(
            Launcher launcher,
            RunLocation location,
            FilePath directory,
            EnvVars environment,
            Path copies,
            Runnable onLost) {
        this.launcher = launcher;
        this.location = location;
        this.directory = directory;
        this.environment = environment;
        this.files = new LauncherFiles(scratch("worker-files"), copies);
        this.onLost = onLost;
    }

    /** How many processors the agent has. A container may be allowed to use fewer. */
    int processors() throws IOException, InterruptedException {
        return directory.act(new RunLocation.CountProcessors());
    }

    MachineShell shell() {
        return launcher.isUnix() ? MachineShell.POSIX : MachineShell.WINDOWS;
    }

    /** A path of the agent. */
    FilePath at(String path) {
        return new FilePath(directory.getChannel(), path);
    }

    /** @throws HostException if the connection broke */
    void checkThere() throws HostException {
        if (lost) {
            throw HostException.lost(LOST);
        }
    }

    /** The separator between the jars of a class path. */
    String pathSeparator() {
        return launcher.isUnix() ? ":" : ";";
    }

    /** The files that tasks and workers share with the agent. */
    LauncherFiles files() {
        return files;
    }

    /** The variable of all processes of the run. */
    ProcessCookie runCookie() {
        return PoolEnvironment.runCookie(directory.getName());
    }

    /** Writes files of {@link #scratch}, by name, in UTF-8. */
    void write(Map<String, String> texts) throws IOException {
        LauncherFiles.act(scratch(""), new WriteFiles(new TreeMap<>(texts)));
    }

    /** A file in a folder of the run directory. */
    FilePath scratch(String name) {
        return name.isEmpty() ? directory.child("output") : directory.child("output").child(name);
    }

    /** Prepares the start of a command with the step's environment and cookies. */
    Launcher.ProcStarter prepare(List<String> command, String where, List<ProcessCookie> cookies) {
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> variables.put(name, literal(value)));
        cookies.forEach(cookie -> variables.put(cookie.name(), literal(cookie.value())));
        return launcher.launch()
                .cmds(command.stream().map(LauncherTarget::literal).toList())
                .envs(variables)
                .pwd(at(where))
                .quiet(true);
    }

    /** Escapes a text, because launchers expand variables in commands and environments. */
    private static String literal(String text) {
        return text.replace("$", "$$");
    }

    /**
     * Finds out what a failure of the launcher means: it can't do this, or the agent is gone.
     *
     * @param what what could not be done
     */
    HostException explain(String what, Exception cause) {
        try {
            directory.exists();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "lost the connection to " + directory);
            markLost();
            return HostException.lost(LOST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return HostException.notStarted(what + ": " + cause.getMessage());
    }

    private void markLost() {
        synchronized (losing) {
            if (!lost) {
                onLost.run(); // before anybody else can find it lost
                lost = true;
            }
        }
    }

    /**
     * Ends the processes with a cookie. Does not wait. The agent finds them if they are on its machine and of its user,
     * and the launcher's clients in any case. If it may not see what these have started, a script behind the launcher
     * looks for it, and if it can't, the launcher itself.
     */
    CompletionStage<Void> kill(ProcessCookie cookie) {
        return CompletableFuture.runAsync(
                () -> LauncherFiles.attempt(() -> {
                    directory.act(new KillProcesses(cookie));
                    if (!visible && !killInside(cookie)) {
                        launcher.kill(Map.of(cookie.name(), cookie.value()));
                    }
                }),
                Computer.threadPoolForRemoting);
    }

    /** Called when the agent has seen a process behind the launcher, and not only the launcher's client. */
    void seesProcesses() {
        visible = true;
    }

    /** @return whether it could look for them */
    private boolean killInside(ProcessCookie cookie) throws IOException, InterruptedException {
        if (shell() != MachineShell.POSIX) {
            return false;
        }
        String variable = cookie.name() + '=' + cookie.value();
        Proc killer = prepare(List.of("/bin/sh", killScript(), variable), directory.getRemote(), List.of())
                .start();
        return killer.joinWithTimeout(KILL_SECONDS, TimeUnit.SECONDS, TaskListener.NULL) == 0;
    }

    /** The path of {@link LauncherScripts#KILL}, which is written once, because other kills may be reading it. */
    private synchronized String killScript() throws IOException {
        if (killScript == null) {
            write(Map.of("kill.sh", LauncherScripts.KILL));
            killScript = scratch("kill.sh").getRemote();
        }
        return killScript;
    }

    /**
     * The jars of function workers, in the run directory, where workers can see them.
     *
     * @throws IOException if they can't be copied there
     */
    synchronized List<String> classPath() throws IOException, InterruptedException {
        if (classPath == null) {
            FilePath cache = AgentClassPath.cache(location.node());
            classPath = directory.act(new LinkJars(AgentClassPath.install(cache, LocalJars.get())));
        }
        return classPath;
    }

    /** Writes files of a folder. */
    private static final class WriteFiles extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final TreeMap<String, String> texts;

        WriteFiles(TreeMap<String, String> texts) {
            this.texts = texts;
        }

        @Override
        public Void invoke(File folder, VirtualChannel channel) throws IOException {
            LauncherFiles.write(Files.createDirectories(folder.toPath()), texts);
            return null;
        }
    }

    /** Ends the processes with a cookie on the agent's machine. Returns when they have ended. */
    private static final class KillProcesses extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final String name;
        private final String value;

        KillProcesses(ProcessCookie cookie) {
            this.name = cookie.name();
            this.value = cookie.value();
        }

        @Override
        public Void invoke(File anywhere, VirtualChannel channel) {
            ProcessKiller.kill(new ProcessCookie(name, value)).toCompletableFuture().join();
            return null;
        }
    }

    /**
     * Puts jars of the agent's cache into a run directory, which containers share: as hard links or, if that fails, as
     * copies.
     */
    private static final class LinkJars extends MasterToSlaveFileCallable<ArrayList<String>> {

        private static final long serialVersionUID = 1;

        private final ArrayList<String> jars;

        LinkJars(List<String> jars) {
            this.jars = new ArrayList<>(jars);
        }

        @Override
        public ArrayList<String> invoke(File runDirectory, VirtualChannel channel) throws IOException {
            Path directory = Files.createDirectories(runDirectory.toPath().resolve("lib"));
            ArrayList<String> linked = new ArrayList<>();
            for (String jar : jars) {
                Path source = Path.of(jar);
                Path target = directory.resolve(source.getFileName());
                put(source, target);
                linked.add(target.toString());
            }
            return linked;
        }

        private static void put(Path source, Path target) throws IOException {
            if (Files.exists(target)) {
                return;
            }
            try {
                Files.createLink(target, source);
            } catch (FileAlreadyExistsException e) {
                // another worker of the run was faster
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(source, target);
            }
        }
    }
}
