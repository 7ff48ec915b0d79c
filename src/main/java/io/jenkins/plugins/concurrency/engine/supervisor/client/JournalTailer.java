package io.jenkins.plugins.concurrency.engine.supervisor.client;

import io.jenkins.plugins.concurrency.engine.journal.JournalTail;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import io.jenkins.plugins.concurrency.engine.supervisor.SupervisorLog;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Follows the journals of a machine's runs and sends what is appended to listeners. One thread serves all runs, and
 * uses the network only when there is something new.
 */
public final class JournalTailer implements Closeable {

    private static final Logger LOGGER = Logger.getLogger(JournalTailer.class.getName());

    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * The pause between two looks is at most the time since the start divided by this: a short run must not wait long.
     */
    private static final int LATENESS = 8;

    /** The time between two checks whether the supervisor is alive, unless its end is near. */
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often in a row a look may fail: for half a minute. */
    private static final int MAX_FAILURES = 600;

    private static final ScheduledExecutorService EXECUTOR = TimerThread.start("concurrency journal tailer");

    private final RunFiles files;
    private final JournalTail tail;
    private final ConsoleTail console;
    private final Listener listener;

    // Used by the executor's thread alone.
    private long nextLifeNanos = System.nanoTime();
    private int failures;

    private final long sinceNanos = System.nanoTime();
    private volatile boolean closed;

    private JournalTailer(RunFiles files, long offset, long consoleOffset, Listener listener) {
        this.files = files;
        this.tail = new JournalTail(files.journal(), offset);
        this.console = new ConsoleTail(files.console(), consoleOffset, listener);
        this.listener = listener;
    }

    /**
     * Follows a run's journal until it is complete, its supervisor is gone or the listener fails. Returns at once.
     *
     * @param offset where to begin, in bytes
     * @param consoleOffset the same for lines for users; negative for the end of that file
     * @return must be closed to stop
     */
    public static JournalTailer follow(RunFiles files, long offset, long consoleOffset, Listener listener) {
        JournalTailer tailer = new JournalTailer(files, offset, consoleOffset, listener);
        EXECUTOR.execute(tailer::pollRepeatedly);
        return tailer;
    }

    /** Stops. One call of the listener may still be running. */
    @Override
    public void close() {
        closed = true;
    }

    private void pollRepeatedly() {
        if (closed) {
            return;
        }
        boolean all = poll();
        long pause = (System.nanoTime() - sinceNanos) / LATENESS;
        long bounded = all ? Math.min(Math.max(pause, MIN_PAUSE_NANOS), MAX_PAUSE_NANOS) : 0;
        EXECUTOR.schedule(this::pollRepeatedly, bounded, TimeUnit.NANOSECONDS);
    }

    /** Sends lines. Returns whether all were sent; otherwise it is only the turn of other journals. */
    private boolean poll() {
        try {
            // Checked before the journal is read. So everything that a dead process has written is read.
            boolean gone = isTimeToCheckLiveness() && !SupervisorLiveness.isAlive(files);
            boolean all = tail.deliver((offset, lines) -> {
                console.deliver();
                listener.lines(offset, lines);
            });
            console.deliver();
            if (tail.isFinished()) {
                close();
            } else if (gone && !all) {
                nextLifeNanos = System.nanoTime(); // reported when everything was sent
            } else if (gone) {
                String log = SupervisorLog.read(files);
                close();
                listener.supervisorGone(log);
            }
            failures = 0;
            return all;
        } catch (Throwable e) {
            failed(e);
            return true;
        }
    }

    private boolean isTimeToCheckLiveness() {
        long now = System.nanoTime();
        if (now - nextLifeNanos < 0 && !tail.isSuspended()) {
            return false;
        }
        nextLifeNanos = now + LIFE_NANOS;
        return true;
    }

    /** The connection is gone or the controller refuses: both are final. Or this machine has a problem for a moment. */
    private void failed(Throwable cause) {
        if (++failures < MAX_FAILURES) {
            return;
        }
        LOGGER.log(Level.FINE, cause, () -> "no longer following " + files.journal());
        close();
        try {
            listener.supervisorGone("can't follow the journal: " + cause.getMessage());
        } catch (RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "can't report the end of following " + files.journal());
        }
    }

    /** Sends whole lines that a run writes for users beside its journal. Not thread-safe. */
    private static final class ConsoleTail {

        /** In bytes. More than any line has, and not too much for a connection. */
        private static final int BLOCK = 256 * 1024;

        private final Path file;
        private final Listener listener;
        private long offset;

        /** @param offset where to begin, in bytes; negative for the end of the file */
        ConsoleTail(Path file, long offset, Listener listener) {
            this.file = file;
            this.listener = listener;
            this.offset = offset < 0 ? file.toFile().length() : offset;
        }

        /** @throws IOException if the file can't be read, or the listener fails; it gets the same lines again next time */
        void deliver() throws IOException {
            if (file.toFile().length() <= offset) {
                return; // most runs say nothing
            }
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                for (long left; (left = in.length() - offset) > 0; ) {
                    byte[] block = new byte[(int) Math.min(left, BLOCK)];
                    in.seek(offset);
                    in.readFully(block);
                    int whole = endOfLastLine(block);
                    if (whole == 0) {
                        return; // a line that is still being written
                    }
                    listener.consoleOutput(offset, Arrays.copyOf(block, whole));
                    offset += whole;
                }
            }
        }

        private static int endOfLastLine(byte[] block) {
            int end = block.length;
            while (end > 0 && block[end - 1] != '\n') {
                end--;
            }
            return end;
        }
    }

    /**
     * Receives what is appended to a journal. Called by one thread at a time. A call may be slow: the listener may be on
     * another machine.
     */
    public interface Listener {

        /**
         * Whole lines were appended.
         *
         * @param offset where they begin in the journal, in bytes
         * @param lines the lines, with their line breaks
         * @throws IOException if they can't be received; then no more are sent
         */
        void lines(long offset, byte[] lines) throws IOException;

        /**
         * The run has lines for users, which are not in its journal. Called before later lines of the journal.
         *
         * @param offset where the lines begin in all its output, in bytes
         * @param lines in UTF-8, with their line breaks
         * @throws IOException if they can't be received now
         */
        void consoleOutput(long offset, byte[] lines) throws IOException;

        /**
         * The supervisor's process ended before the run was over. All of its lines were delivered, or they can't be read.
         * Nothing is sent afterwards.
         *
         * @param log the end of the supervisor's own output, usually empty
         */
        void supervisorGone(String log);
    }
}
