package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The memory that bodies which come back as text may take while they arrive, all runs of a reactor together. A body
 * claims at once all that it may need, so that whoever has a claim can be finished; who comes when nothing is left waits
 * for its turn, and its server with it. Safe for use by many threads.
 */
final class TextMemory {

    private static final int SHARE_OF_HEAP = 8;

    private final long limit;
    private final Executor executor;

    // Guarded by this.
    private final Deque<Claim> waiting = new ArrayDeque<>();
    private long claimed;

    /**
     * @param limit in bytes; one claim is granted whatever its size
     * @param executor tells those who had to wait
     */
    TextMemory(long limit, @NonNull Executor executor) {
        this.limit = limit;
        this.executor = executor;
    }

    /** As much as this JVM can spare, in bytes. */
    static long shareOfHeap() {
        return Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    }

    /** A part of the memory, asked for or granted. */
    final class Claim {

        private final int bytes;
        private final Runnable granted;

        // Guarded by the memory.
        private boolean isGranted;
        private boolean released;

        private Claim(int bytes, Runnable granted) {
            this.bytes = bytes;
            this.granted = granted;
        }

        boolean isGranted() {
            synchronized (TextMemory.this) {
                return isGranted;
            }
        }

        /** Gives it back, or stops waiting for it. A second call does nothing. */
        void release() {
            TextMemory.this.release(this);
        }
    }

    /**
     * Asks for memory.
     *
     * @param granted called once by the executor when the memory is there, unless it is there at once
     */
    @NonNull
    Claim claim(int bytes, @NonNull Runnable granted) {
        Claim claim = new Claim(bytes, granted);
        synchronized (this) {
            if (waiting.isEmpty() && fits(claim)) {
                grant(claim);
            } else {
                waiting.add(claim);
            }
        }
        return claim;
    }

    private void release(Claim claim) {
        List<Claim> next = new ArrayList<>();
        synchronized (this) {
            if (claim.released) {
                return;
            }
            claim.released = true;
            if (claim.isGranted) {
                claimed -= claim.bytes;
            } else {
                waiting.remove(claim);
            }
            while (!waiting.isEmpty() && fits(waiting.peek())) {
                Claim first = waiting.poll();
                grant(first);
                next.add(first);
            }
        }
        next.forEach(first -> executor.execute(first.granted));
    }

    /** Guarded by this. */
    private boolean fits(Claim claim) {
        return claimed == 0 || claimed + claim.bytes <= limit;
    }

    /** Guarded by this. */
    private void grant(Claim claim) {
        claimed += claim.bytes;
        claim.isGranted = true;
    }
}
