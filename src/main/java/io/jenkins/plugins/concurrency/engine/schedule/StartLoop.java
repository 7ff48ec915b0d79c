package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts what there is room for. One thread at a time does so; another that comes by only tells it to look again, which
 * also keeps attempts that end at once from nesting ever deeper.
 *
 * @param <T> what is started
 */
final class StartLoop<T> {

    /**
     * How many attempts a thread starts that only comes by: it serves others as well, as I/O threads and timers do. Of
     * branches that end at once there may be millions.
     */
    static final int TURN = 16;

    /** Start the rest, for each loop one of them at a time. */
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
     * @param next what to start, {@code null} if there is none or no room; asked by one thread at a time
     * @param afterwards called when there was nothing more to start
     */
    StartLoop(Supplier<T> next, Consumer<T> start, Runnable afterwards) {
        this.next = next;
        this.start = start;
        this.afterwards = afterwards;
    }

    /** There may be something to start. */
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
