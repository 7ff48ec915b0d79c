package io.jenkins.plugins.concurrency.agent.supervisor;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.agent.PrepareRunDirectory;
import io.jenkins.plugins.concurrency.agent.RunDirectory;
import io.jenkins.plugins.concurrency.agent.jars.JarCache;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.supervisor.ClassArchiveMain;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorSettings;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SocketKey;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/**
 * Starts a supervisor for a run, or for later runs, unless there is one that is alive. It does not end with the agent's
 * own process. This one call does everything that a run needs for its start. The environment is sent to the supervisor
 * through standard input or a socket, never through a file. Called with the agent's cache.
 */
public final class StartSupervisor extends MasterToSlaveFileCallable<StartSupervisor.Answer> {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(StartSupervisor.class.getName());

    private final Jvm jvm;
    private final byte[] key;
    private final Begin run;

    /**
     * The result.
     *
     * @param missing the jars that are not in the cache; if there are any, nothing was started
     * @param archive the hash of the archive of classes that is used there; {@code null} if there is none
     */
    record Answer(ArrayList<String> missing, @CheckForNull String archive) implements Serializable {}

    /**
     * A run that starts or continues with another supervisor.
     *
     * @param prepare creates its directory; {@code null} if that exists
     * @param follow makes the agent send its journal
     */
    public record Begin(
            String directory,
            EnvVars environment,
            @CheckForNull PrepareRunDirectory prepare,
            RunDirectory.FollowJournal follow)
            implements Serializable {}

    /** Which archives of classes may be used. */
    enum Archives {
        /** None. */
        OFF,
        /** One with a known hash. */
        KNOWN,
        /** Any: the agent is the controller itself, which trusts its own files. */
        OWN
    }

    /**
     * What a supervisor must be like.
     *
     * @param jars its class path, by the names in the cache
     * @param idle how long a shared one waits for a run
     * @param limits of everything that supervisors start for all runs there
     * @param knownArchive the hash of the archive that was made there; {@code null} if none is known
     */
    record Jvm(
            ArrayList<String> jars,
            int heapMib,
            Duration idle,
            NodeLimits limits,
            Archives archives,
            @CheckForNull String knownArchive)
            implements Serializable {}

    /**
     * @param key of shared supervisors
     * @param run {@code null} to prepare for later runs
     */
    StartSupervisor(Jvm jvm, byte[] key, @CheckForNull Begin run) {
        this.jvm = jvm;
        this.key = key.clone();
        this.run = run;
    }

    @Override
    public Answer invoke(File cache, VirtualChannel channel) throws IOException {
        ArrayList<String> missing = new JarCache(cache.toPath()).missing(jvm.jars);
        if (!missing.isEmpty()) {
            return new Answer(missing, null);
        }
        List<String> classPath =
                jvm.jars.stream().map(jar -> new File(cache, jar).getPath()).toList();
        SocketKey socketKey = SocketKey.of(key);
        ClassArchive archive = ClassArchive.of(String.join(File.pathSeparator, classPath), socketKey.id()).orElse(null);
        String hash = archive == null ? null : verified(archive);
        SupervisorSettings settings = new SupervisorSettings(
                classPath,
                jvm.heapMib,
                hash,
                new SupervisorSettings.Shared(cache.toPath(), jvm.idle, socketKey),
                jvm.limits);
        if (run == null) {
            SupervisorLauncher.prepare(settings);
            return new Answer(missing, hash);
        }
        File directory = new File(run.directory);
        if (run.prepare != null) {
            run.prepare.invoke(directory, channel);
        }
        EnvVars merged = new EnvVars(System.getenv());
        merged.overrideAll(run.environment);
        SupervisorLauncher.start(new RunFiles(directory.toPath()), settings, merged);
        run.follow.invoke(directory, channel);
        if (archive != null && hash == null && jvm.archives != Archives.OFF) {
            createWhenUseful(archive);
        }
        return new Answer(missing, hash);
    }

    /** Creates the archive. If that fails, runs work without it. */
    private static void createWhenUseful(ClassArchive archive) {
        try {
            archive.createWhenUseful(ClassArchiveMain.class);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't make " + archive.file());
        }
    }

    /** The hash of the archive that may be used; {@code null} for none. */
    @CheckForNull
    private String verified(ClassArchive archive) {
        try {
            if (jvm.archives != Archives.OFF) {
                return archive.verified(jvm.knownArchive, jvm.archives == Archives.OWN);
            }
            archive.discard();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't use " + archive.file());
        }
        return null;
    }
}
