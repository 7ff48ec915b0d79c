package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts everything that there is room for. One thread at a time does so. Any other thread only tells it to look again.
 * So attempts that end at once do not make the stack deeper and deeper.
 *
 * @param <T> what is started
 */
final class StartLoop<T> {

    /**
     * How many attempts a thread of others may start, such as an I/O thread or a timer. It has other work too, and
     * there may be millions of branches that end at once.
     */
    static final int TURN = 16;

    /** These threads start the rest, one at a time for each loop. */
    private static final Executor HELPERS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "concurrency scheduler");
        thread.setDaemon(true);
        return thread;
    });

    private final Supplier<T> next;
    private final Consumer<T> start;
    private final Runnable afterwards;

    // Guarded by this.
    private boolean looking;
    private boolean again;

    /**
     * @param next returns what to start, {@code null} if there is nothing or no room; called by one thread at a time
     * @param afterwards called when there was nothing more to start
     */
    StartLoop(Supplier<T> next, Consumer<T> start, Runnable afterwards) {
        this.next = next;
        this.start = start;
        this.afterwards = afterwards;
    }

    /** Called when there may be something to start. */
    void poll() {
        synchronized (this) {
            if (looking) {
                again = true;
                return;
            }
            looking = true;
        }
        poll(TURN);
    }

    private void poll(int turn) {
        int left = turn;
        while (true) {
            T found = next.get();
            if (found != null && left == 0) {
                startRest(() -> {
                    start.accept(found);
                    poll(Integer.MAX_VALUE);
                });
                return;
            }
            if (found != null) {
                left--;
                start.accept(found);
                continue;
            }
            synchronized (this) {
                if (!again) {
                    looking = false;
                    break;
                }
                again = false;
            }
        }
        afterwards.run();
    }

    private static void startRest(Runnable rest) {
        try {
            HELPERS.execute(rest);
        } catch (RuntimeException | Error e) { // no thread for it: else the run would stop here
            rest.run();
        }
    }
}
