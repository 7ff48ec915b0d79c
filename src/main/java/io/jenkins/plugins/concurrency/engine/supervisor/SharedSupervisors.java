package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.Detachment;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.process.Shell;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The shared supervisors that this process has started, one for each of the agent's folders. Only this process knows how to
 * reach them, and the key that opens their socket. Thread-safe.
 */
final class SharedSupervisors {

    /** How long one may take from its start to its socket. */
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long LOOK_MILLIS = 2;

    /** One that has just ended, and one that somebody else has started meanwhile. */
    private static final int MAX_TRIES = 2;

    /** By the agent's folder. Guarded by the class. */
    private static final Map<Path, Started> CURRENT = new HashMap<>();

    private SharedSupervisors() {}

    /**
     * One that was started.
     *
     * @param command without what belongs to this one; who wants another has another
     * @param pid its process
     */
    private record Started(List<String> command, SharedPlace place, SocketKey key, long pid) {

        boolean isRunning() {
            return ProcessHandle.of(pid).filter(ProcessKiller::isRunning).isPresent();
        }

        /** Hands it a run. Waits until it has it, at first until there is a socket. */
        boolean take(RunRequest request) throws IOException {
            long deadline = System.nanoTime() + START_NANOS;
            while (!Files.exists(place.socket())) {
                boolean gone = !isRunning() || Files.notExists(place.socket().getParent());
                if (gone || System.nanoTime() - deadline >= 0) {
                    return false;
                }
                LookPause.take(LOOK_MILLIS);
            }
            return SupervisorSocket.handOver(place.socket(), key, request);
        }
    }

    /**
     * Sees to it that a shared supervisor has a run: hands it to the one that is there, or starts one with it.
     *
     * @param command the supervisor's command line without its place
     * @param home the agent's folder
     * @param idle how long it waits for a run
     * @return whether there can be one; the run has none otherwise
     * @throws IOException if it can't be started, in one line
     */
    static boolean give(
            @NonNull RunFiles files,
            @NonNull RunRequest request,
            @NonNull List<String> command,
            @NonNull Path home,
            @NonNull Duration idle)
            throws IOException {
        if (Shell.local() != Shell.POSIX) {
            return false;
        }
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Started current;
            synchronized (SharedSupervisors.class) {
                current = current(home, command);
                if (current == null) {
                    Started started = start(files, request, command, home, idle);
                    if (started != null) {
                        CURRENT.put(home, started);
                    }
                    return started != null;
                }
            }
            if (current.take(request)) {
                return true;
            }
            forget(home, current);
        }
        return false;
    }

    /** The one in use, if it is as wanted; another one has a successor now, and takes no more runs. */
    private static Started current(Path home, List<String> command) throws IOException {
        Started current = CURRENT.get(home);
        if (current != null && (!current.command.equals(command) || !current.isRunning())) {
            forget(home, current);
            return null;
        }
        return current;
    }

    private static synchronized void forget(Path home, Started started) throws IOException {
        if (CURRENT.remove(home, started)) {
            started.place.remove();
        }
    }

    private static Started start(
            RunFiles files, RunRequest request, List<String> command, Path home, Duration idle) throws IOException {
        Path folder = Files.createTempDirectory(
                "concurrency-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        SharedPlace place =
                new SharedPlace(folder.resolve("s"), idle, home, ProcessHandle.current());
        if (place.socket().toString().length() > SupervisorSocket.MAX_PATH) {
            Files.delete(folder);
            return null;
        }
        SocketKey key = SocketKey.generate();
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.write(key.bytes());
        input.write(request.bytes());
        List<String> all = new ArrayList<>(command);
        all.addAll(place.toArguments());
        try {
            long pid = Detachment.local().start(SupervisorLauncher.launch(all, input.toByteArray(), files));
            return new Started(List.copyOf(command), place, key, pid);
        } catch (IOException e) {
            place.remove();
            throw e;
        }
    }
}
