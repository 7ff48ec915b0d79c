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
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Supervisors that stay for a while after their run, for the next one: it begins without a JVM that has to start first.
 * While one waits it has nothing of a build. This process remembers those that it has started; they end by themselves
 * when nobody needs them. Thread-safe.
 */
final class WarmSupervisors {

    /** How long one may be neither at work nor waiting that has not ended. */
    private static final long LEAVING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LOOK_MILLIS = 2;

    /** By what supervisors must have in common to stand in for each other, their command line. Guarded by itself. */
    private static final Map<List<String>, Warm> KNOWN = new HashMap<>();

    private static final SocketFolder FOLDER = new SocketFolder();

    private WarmSupervisors() {}

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
    static boolean handOver(@NonNull List<String> kind, @NonNull RunFiles files, @NonNull RunRequest request)
            throws IOException {
        Warm warm = claim(kind);
        if (warm == null || !SupervisorSocket.handOver(warm.socket, request)) {
            return false;
        }
        synchronized (KNOWN) {
            KNOWN.putIfAbsent(kind, new Warm(warm.socket, files));
        }
        return true;
    }

    /** One that waits, for the caller alone. */
    private static Warm claim(List<String> kind) throws IOException {
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
    static Path place(@NonNull List<String> kind, @NonNull RunFiles files) throws IOException {
        if (Shell.local() != Shell.POSIX) {
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
        for (Map.Entry<List<String>, Warm> entry : new ArrayList<>(KNOWN.entrySet())) {
            if (!entry.getValue().waits() && !entry.getValue().works()) {
                KNOWN.remove(entry.getKey());
            }
        }
    }
}
