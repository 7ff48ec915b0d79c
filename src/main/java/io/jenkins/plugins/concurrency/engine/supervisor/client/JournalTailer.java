package io.jenkins.plugins.concurrency.engine.supervisor.client;

import io.jenkins.plugins.concurrency.engine.journal.JournalTail;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import io.jenkins.plugins.concurrency.engine.supervisor.SupervisorLog;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import java.io.Closeable;
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
    private final JournalListener listener;

    // Used by the executor's thread alone.
    private long nextLifeNanos = System.nanoTime();
    private int failures;

    private final long sinceNanos = System.nanoTime();
    private volatile boolean closed;

    private JournalTailer(RunFiles files, long offset, long consoleOffset, JournalListener listener) {
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
    public static JournalTailer follow(RunFiles files, long offset, long consoleOffset, JournalListener listener) {
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
}
