package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.supervisor.ClassArchiveMain;
import io.jenkins.plugins.concurrency.engine.supervisor.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.SupervisorSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;

/**
 * Starts a supervisor for a run directory, detached from the agent's own process, unless a living one is there already.
 * The environment goes to it by its standard input or a socket, never by a file. Returns the hash of the archive of
 * classes that is in use there, {@code null} if none is.
 */
final class StartSupervisor extends MasterToSlaveFileCallable<String> {

    private static final long serialVersionUID = 1;

    private final ArrayList<String> classPath;
    private final EnvVars environment;
    private final int heapMib;
    private final Duration idle;
    private final NodeLimits limits;
    private final Archives archives;
    private final String knownArchive;

    /** What becomes of archives of classes. */
    enum Archives {
        /** There are none. */
        OFF,
        /** One that is known is used. */
        KNOWN,
        /** Also one of which nothing is known yet: the agent is the controller, whose files are its own. */
        OWN
    }

    /**
     * @param idle how long a shared supervisor waits for a run
     * @param limits of all runs there together, for what supervisors start
     * @param knownArchive the hash of the archive that was made there; {@code null} if none is known
     */
    StartSupervisor(
            @NonNull List<String> classPath,
            @NonNull EnvVars environment,
            int heapMib,
            @NonNull Duration idle,
            @NonNull NodeLimits limits,
            @NonNull Archives archives,
            @CheckForNull String knownArchive) {
        this.classPath = new ArrayList<>(classPath);
        this.environment = new EnvVars(environment);
        this.heapMib = heapMib;
        this.idle = idle;
        this.limits = limits;
        this.archives = archives;
        this.knownArchive = knownArchive;
    }

    @Override
    @CheckForNull
    public String invoke(File runDirectory, VirtualChannel channel) throws IOException {
        EnvVars merged = new EnvVars(System.getenv());
        merged.overrideAll(environment);
        ClassArchive archive =
                ClassArchive.of(String.join(File.pathSeparator, classPath)).orElse(null);
        String hash = archive == null ? null : verified(archive);
        Path home = Path.of(classPath.get(0)).getParent();
        SupervisorSettings settings = new SupervisorSettings(classPath, heapMib, hash, home, idle, limits);
        SupervisorLauncher.start(new RunFiles(runDirectory.toPath()), settings, merged);
        if (archive != null && hash == null && archives != Archives.OFF) {
            archive.makeWhenWorthIt(ClassArchiveMain.class);
        }
        return hash;
    }

    private String verified(ClassArchive archive) throws IOException {
        if (archives == Archives.OFF) {
            archive.discard();
            return null;
        }
        return archive.verified(knownArchive, archives == Archives.OWN);
    }
}
