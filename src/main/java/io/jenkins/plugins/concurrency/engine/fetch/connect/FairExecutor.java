package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** Executes tasks of several owners in turn, however many tasks an owner has queued. Thread-safe. */
final class FairExecutor {

    private final Executor threads;

    /** The owner that had the last turn is at the end. Guarded by this. */
    private final Map<Object, Deque<Runnable>> waiting = new LinkedHashMap<>();

    /** @param threads the threads that do the work */
    FairExecutor(Executor threads) {
        this.threads = threads;
    }

    void execute(Object owner, Runnable work) {
        synchronized (this) {
            waiting.computeIfAbsent(owner, absent -> new ArrayDeque<>()).add(work);
        }
        threads.execute(() -> next().run());
    }

    /** The next work of the owner whose turn it is. Called as often as work was added. */
    private synchronized Runnable next() {
        Iterator<Map.Entry<Object, Deque<Runnable>>> first = waiting.entrySet().iterator();
        Map.Entry<Object, Deque<Runnable>> turn = first.next();
        Object owner = turn.getKey();
        Deque<Runnable> left = turn.getValue();
        Runnable work = left.remove();
        first.remove();
        if (!left.isEmpty()) {
            waiting.put(owner, left);
        }
        return work;
    }
}
