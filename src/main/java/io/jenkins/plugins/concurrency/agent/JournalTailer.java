package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalLines;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Follows the journals of an agent's runs and pushes what is appended to the controller: one thread for all runs, in
 * the agent's own process, so that the network is used only when there is news.
 */
final class JournalTailer {

    private static final Logger LOGGER = Logger.getLogger(JournalTailer.class.getName());

    private static final long PERIOD_MILLIS = 50;

    /** How often in a row looking may fail: half a minute. */
    private static final int MAX_FAILURES = 600;

    private static final int BLOCK = 256 * 1024;

    private static final ScheduledExecutorService EXECUTOR = TimerThread.start("concurrency journal tailer");

    private final RunFiles files;
    private final JournalListener listener;
    private long offset;
    private int failures;
    private Future<?> schedule;

    private JournalTailer(RunFiles files, long offset, JournalListener listener) {
        this.files = files;
        this.offset = offset;
        this.listener = listener;
    }

    /**
     * Follows a run's journal until its supervisor is gone or the listener fails. Returns at once.
     *
     * @param offset where to begin, in bytes
     */
    static void follow(@NonNull RunFiles files, long offset, @NonNull JournalListener listener) {
        JournalTailer tailer = new JournalTailer(files, offset, listener);
        synchronized (tailer) {
            tailer.schedule = EXECUTOR.scheduleWithFixedDelay(tailer::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            // Looked at before the journal is read: what a process wrote before it ended is there afterwards.
            boolean gone = supervisor().isEmpty();
            deliver();
            if (gone) {
                stop();
                listener.supervisorGone(log());
            }
            failures = 0;
        } catch (Throwable e) {
            // The connection is gone, or the controller refuses, which stays so; or this machine has a bad moment.
            if (++failures == MAX_FAILURES) {
                LOGGER.log(Level.FINE, e, () -> "no longer following " + files.journal());
                stop();
            }
        }
    }

    private synchronized void stop() {
        schedule.cancel(false);
    }

    private Optional<ProcessHandle> supervisor() throws IOException {
        return SupervisorProcess.read(files).flatMap(SupervisorProcess::handle);
    }

    private void deliver() throws IOException {
        Path journal = files.journal();
        if (!Files.exists(journal)) {
            return;
        }
        try (RandomAccessFile in = new RandomAccessFile(journal.toFile(), "r")) {
            int size = BLOCK;
            for (long left; (left = in.length() - offset) > 0; ) {
                byte[] block = new byte[(int) Math.min(left, size)];
                in.seek(offset);
                in.readFully(block);
                int whole = endOfLastLine(block);
                if (whole > 0) {
                    listener.lines(offset, Arrays.copyOf(block, whole));
                    offset += whole;
                } else if (block.length < size || size > JournalLines.MAX_LINE) {
                    return; // a line that is still being written, or one that nobody would take
                } else {
                    size *= 2;
                }
            }
        }
    }

    private static int endOfLastLine(byte[] block) {
        for (int i = block.length - 1; i >= 0; i--) {
            if (block[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    private String log() throws IOException {
        return Files.exists(files.log()) ? OutputTail.read(files.log()).text() : "";
    }
}
