package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.supervisor.ClassArchiveMain;
import io.jenkins.plugins.concurrency.engine.supervisor.SocketKey;
import io.jenkins.plugins.concurrency.engine.supervisor.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.SupervisorSettings;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import jenkins.MasterToSlaveFileCallable;

/**
 * Starts a supervisor, detached from the agent's own process, unless a living one is there already: for a run directory,
 * or for runs that may come. A run's environment goes to it by its standard input or a socket, never by a file. Called with
 * the agent's cache; returns the hash of the archive of classes that is in use there, {@code null} if none is.
 */
final class StartSupervisor extends MasterToSlaveFileCallable<String> {

    private static final long serialVersionUID = 1;

    private final Jvm jvm;
    private final byte[] key;
    private final String runDirectory;
    private final EnvVars environment;

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
     * How a supervisor is to be there.
     *
     * @param idle how long a shared one waits for a run
     * @param limits of all runs there together, for what supervisors start
     * @param knownArchive the hash of the archive that was made there; {@code null} if none is known
     */
    record Jvm(
            ArrayList<String> classPath,
            int heapMib,
            Duration idle,
            NodeLimits limits,
            Archives archives,
            @CheckForNull String knownArchive)
            implements Serializable {}

    /**
     * @param key of shared ones
     * @param runDirectory {@code null} for runs that may come
     * @param environment of the run
     */
    StartSupervisor(Jvm jvm, byte[] key, @CheckForNull String runDirectory, EnvVars environment) {
        this.jvm = jvm;
        this.key = key.clone();
        this.runDirectory = runDirectory;
        this.environment = new EnvVars(environment);
    }

    @Override
    @CheckForNull
    public String invoke(File cache, VirtualChannel channel) throws IOException {
        ClassArchive archive =
                ClassArchive.of(String.join(File.pathSeparator, jvm.classPath)).orElse(null);
        String hash = archive == null ? null : verified(archive);
        SupervisorSettings settings = new SupervisorSettings(
                jvm.classPath,
                jvm.heapMib,
                hash,
                new SupervisorSettings.Shared(cache.toPath(), jvm.idle, SocketKey.of(key)),
                jvm.limits);
        if (runDirectory == null) {
            SupervisorLauncher.prepare(settings);
            return hash;
        }
        EnvVars merged = new EnvVars(System.getenv());
        merged.overrideAll(environment);
        SupervisorLauncher.start(new RunFiles(Path.of(runDirectory)), settings, merged);
        if (archive != null && hash == null && jvm.archives != Archives.OFF) {
            archive.makeWhenWorthIt(ClassArchiveMain.class);
        }
        return hash;
    }

    @CheckForNull
    private String verified(ClassArchive archive) throws IOException {
        if (jvm.archives == Archives.OFF) {
            archive.discard();
            return null;
        }
        return archive.verified(jvm.knownArchive, jvm.archives == Archives.OWN);
    }
}
