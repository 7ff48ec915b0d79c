package io.jenkins.plugins.concurrency.engine.supervisor.lock;

import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock of a run directory's supervisor. The system releases it whenever the process ends. So a dead supervisor
 * never looks alive, neither by a process id that is used again nor as a zombie process. If the file system has no
 * locks, the process id and the start time are used instead.
 */
public final class SupervisorLock {

    private static final long LOOK_MILLIS = 20;

    /** How often to look again while another observer of this process has the file. Each has it for an instant. */
    private static final int MAX_LOOKS = 50;

    /** Locks of this process, by their files. An unreachable channel would be closed, and its lock would be lost. */
    private static final Map<Path, FileChannel> HELD = new ConcurrentHashMap<>();

    /**
     * Files that this process has opened for a lock, or is about to open. Closing a second channel of a file would
     * release its lock.
     */
    private static final Set<Path> OPENED = ConcurrentHashMap.newKeySet();

    private SupervisorLock() {}

    /**
     * Takes the lock for this process, until the process ends or releases it. Nothing else in this process may open the
     * file: closing any descriptor of it would release the lock.
     *
     * @param patience how long to wait for its owner
     * @return whether this process has it
     * @throws IOException if the file can't be created
     */
    public static boolean acquire(RunFiles files, Duration patience)
            throws IOException, InterruptedException {
        if (!OPENED.add(files.lock())) {
            return false;
        }
        boolean locked = false;
        try {
            FileChannel channel = FileChannel.open(
                    files.lock(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            locked = lock(channel, files, patience);
            if (locked) {
                HELD.put(files.lock(), channel);
            } else {
                channel.close();
            }
            return locked;
        } finally {
            if (!locked) {
                OPENED.remove(files.lock());
            }
        }
    }

    private static boolean lock(FileChannel channel, RunFiles files, Duration patience)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!lock(channel, files)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /**
     * Releases the lock.
     *
     * @throws IOException if that fails
     */
    public static void release(RunFiles files) throws IOException {
        FileChannel channel = HELD.remove(files.lock());
        try {
            channel.close();
        } finally {
            OPENED.remove(files.lock());
        }
    }

    private static boolean lock(FileChannel channel, RunFiles files) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return !isRunning(files);
        }
    }

    /**
     * Whether a process has the lock. Not for use in that process. Observers do not see each other.
     *
     * @throws IOException if it can't be found out
     */
    static synchronized boolean isHeld(RunFiles files) throws IOException {
        for (int look = 0; look < MAX_LOOKS; look++) {
            try (FileChannel channel = FileChannel.open(files.lock(), StandardOpenOption.READ);
                    FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
                return lock == null;
            } catch (OverlappingFileLockException e) {
                PollDelay.sleep(LOOK_MILLIS); // this class is loaded twice in this process, and the other one looks right now
            } catch (NoSuchFileException e) {
                return false;
            } catch (IOException e) {
                return isRunning(files);
            }
        }
        return true;
    }

    private static boolean isRunning(RunFiles files) throws IOException {
        return SupervisorProcess.read(files).flatMap(SupervisorProcess::handle).isPresent();
    }
}
