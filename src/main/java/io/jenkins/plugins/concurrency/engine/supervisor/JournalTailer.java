package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalTail;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Follows the journals of a machine's runs and pushes what is appended to listeners: one thread for all runs, so that
 * the network is used only when there is news.
 */
public final class JournalTailer implements Closeable {

    private static final Logger LOGGER = Logger.getLogger(JournalTailer.class.getName());

    private static final long PERIOD_MILLIS = 50;

    /** How many looks at the journal there are for one at the supervisor, unless its end is near: one a second. */
    private static final int LOOKS_FOR_LIFE = 20;

    /** How often in a row looking may fail: half a minute. */
    private static final int MAX_FAILURES = 600;

    private static final ScheduledExecutorService EXECUTOR = TimerThread.start("concurrency journal tailer");

    private final RunFiles files;
    private final JournalTail tail;
    private final SaidTail said;
    private final JournalListener listener;

    // Used by the executor's thread alone.
    private int looks;
    private int failures;

    /** Guarded by this. */
    private Future<?> schedule;

    private JournalTailer(RunFiles files, long offset, long saidOffset, JournalListener listener) {
        this.files = files;
        this.tail = new JournalTail(files.journal(), offset);
        this.said = new SaidTail(files.said(), saidOffset, listener);
        this.listener = listener;
    }

    /**
     * Follows a run's journal until its supervisor is gone or the listener fails. Returns at once.
     *
     * @param offset where to begin, in bytes
     * @param saidOffset the same of what the run says to people; negative for what it says from now on
     * @return closed by who does not want to hear more
     */
    @NonNull
    public static JournalTailer follow(
            @NonNull RunFiles files, long offset, long saidOffset, @NonNull JournalListener listener) {
        JournalTailer tailer = new JournalTailer(files, offset, saidOffset, listener);
        synchronized (tailer) {
            tailer.schedule = EXECUTOR.scheduleWithFixedDelay(tailer::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
        return tailer;
    }

    /** Stops following; one call of the listener may still be under way. */
    @Override
    public synchronized void close() {
        schedule.cancel(false);
    }

    private void look() {
        try {
            // Looked at before the journal is read: what a process wrote before it ended is there afterwards.
            boolean gone = isTimeToLookForLife() && !SupervisorLife.isAlive(files);
            tail.deliver((offset, lines) -> {
                said.deliver();
                listener.lines(offset, lines);
            });
            said.deliver();
            if (gone) {
                String log = SupervisorLog.read(files);
                close();
                listener.supervisorGone(log);
            }
            failures = 0;
        } catch (Throwable e) {
            failed(e);
        }
    }

    private boolean isTimeToLookForLife() {
        return looks++ % LOOKS_FOR_LIFE == 0 || tail.isAtEnd();
    }

    /** The connection is gone, or the controller refuses, which stays so; or this machine has a bad moment. */
    private void failed(Throwable cause) {
        if (++failures < MAX_FAILURES) {
            return;
        }
        LOGGER.log(Level.FINE, cause, () -> "no longer following " + files.journal());
        close();
        try {
            listener.supervisorGone("can't follow the journal: " + cause.getMessage());
        } catch (RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "nobody listens to " + files.journal());
        }
    }
}
