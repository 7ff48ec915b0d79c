package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.Shell;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Supervisors that stay for a while after their run, for the next one of the same use of a node: it begins without a JVM
 * that has to start first. This process remembers those that it has started; Jenkins ends them with the node's block, by
 * the cookie in their environment, and they end by themselves when nobody needs them. Thread-safe.
 */
final class WarmSupervisors {

    /** Marks the processes of one use of a node; where it is missing, nobody would end what stays. */
    private static final String NODE_COOKIE = "JENKINS_NODE_COOKIE";

    /** How long one may be neither at work nor waiting that has not ended. */
    private static final long LEAVING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LOOK_MILLIS = 2;

    /** Guarded by itself. */
    private static final Map<Kind, Warm> KNOWN = new HashMap<>();

    private static final SocketFolder FOLDER = new SocketFolder();

    private WarmSupervisors() {}

    /**
     * What supervisors must have in common to stand in for each other.
     *
     * @param command the command line without what belongs to one run
     * @param variables those that a JVM looks at when it starts, and the node's cookie
     */
    record Kind(@NonNull List<String> command, @NonNull Map<String, String> variables) {

        @NonNull
        static Kind of(@NonNull List<String> command, @NonNull Map<String, String> environment) {
            Map<String, String> variables = new TreeMap<>(environment);
            variables.keySet().removeIf(name -> !name.equals(NODE_COOKIE) && !isForJvm(name));
            return new Kind(List.copyOf(command), variables);
        }

        private static boolean isForJvm(String name) {
            return name.equals("LANG")
                    || name.equals("TZ")
                    || name.startsWith("LC_")
                    || name.startsWith("LD_")
                    || name.contains("JAVA_")
                    || name.equals(TrustStore.VARIABLE);
        }

        boolean endsWithNode() {
            return variables.containsKey(NODE_COOKIE);
        }
    }

    /** One that has been started: where it waits when it has nothing to do, and what it had to do last. */
    private record Warm(Path socket, RunFiles last) {

        boolean waits() {
            return Files.exists(socket);
        }

        boolean works() throws IOException {
            return SupervisorLife.isAlive(last);
        }
    }

    /**
     * Hands a run to a supervisor that waits, if there is one of its kind. Blocks until it has it.
     *
     * @return whether the run has a supervisor now
     * @throws IOException if it can't be told what supervisors do
     */
    static boolean handOver(@NonNull Kind kind, @NonNull RunFiles files, @NonNull Map<String, String> environment)
            throws IOException {
        Path directory = files.directory().toAbsolutePath();
        Warm warm = claim(kind);
        if (warm == null || !SupervisorSocket.handOver(warm.socket, new HandedRun(directory, environment))) {
            return false;
        }
        synchronized (KNOWN) {
            KNOWN.putIfAbsent(kind, new Warm(warm.socket, files));
        }
        return true;
    }

    /** One that waits, for the caller alone. */
    private static Warm claim(Kind kind) throws IOException {
        long deadline = System.nanoTime() + LEAVING_NANOS;
        while (true) {
            synchronized (KNOWN) {
                Warm warm = KNOWN.get(kind);
                if (warm == null || warm.works()) {
                    return null;
                }
                if (warm.waits()) {
                    KNOWN.remove(kind);
                    return warm;
                }
            }
            if (System.nanoTime() - deadline >= 0) {
                return null;
            }
            LookPause.take(LOOK_MILLIS);
        }
    }

    /**
     * Where a supervisor that is about to be started for a run may wait for others. One of each kind stays, however many
     * work at once.
     *
     * @return {@code null} if it is not to stay
     * @throws IOException if it can't be told what others do
     */
    @CheckForNull
    static Path place(@NonNull Kind kind, @NonNull RunFiles files) throws IOException {
        if (!kind.endsWithNode() || Shell.local() != Shell.POSIX) {
            return null;
        }
        synchronized (KNOWN) {
            forgetEnded();
            if (KNOWN.containsKey(kind)) {
                return null;
            }
            Path socket = FOLDER.path().resolve(UUID.randomUUID().toString().substring(0, 8));
            if (socket.toString().length() > SupervisorSocket.MAX_PATH) {
                return null;
            }
            KNOWN.put(kind, new Warm(socket, files));
            return socket;
        }
    }

    private static void forgetEnded() throws IOException {
        for (Map.Entry<Kind, Warm> entry : new ArrayList<>(KNOWN.entrySet())) {
            if (!entry.getValue().waits() && !entry.getValue().works()) {
                KNOWN.remove(entry.getKey());
            }
        }
    }
}
