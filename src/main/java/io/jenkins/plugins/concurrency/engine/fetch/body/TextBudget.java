package io.jenkins.plugins.concurrency.engine.fetch.body;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The memory for bodies that are returned as text while they arrive, of all runs of a reactor together. A body claims
 * all that it may need at once, so each body with a claim can be completed. If nothing is left, a new body waits, and
 * its server too. Owners have equal parts. Each owner may have one claim even if others have all the memory: a server
 * that never ends its body delays only its own build. Thread-safe.
 */
public final class TextBudget {

    private static final int SHARE_OF_HEAP = 8;

    /** The first claims of all owners may bring the total to so many times the limit. */
    private static final int MOST = 2;

    private final long limit;
    private final Executor executor;

    // Guarded by this.

    /** Owners with claims, granted or waiting. The owner that was granted a claim last is at the end. */
    private final Map<Object, Owner> owners = new LinkedHashMap<>();

    private long claimed;

    private static final class Owner {
        final Deque<Claim> waiting = new ArrayDeque<>();
        long claimed;
    }

    /**
     * @param limit in bytes; a single claim is granted whatever its size
     * @param executor runs the callbacks of claims that had to wait
     */
    public TextBudget(long limit, Executor executor) {
        this.limit = limit;
        this.executor = executor;
    }

    /** How much memory this JVM can spare for texts, in bytes. */
    public static long shareOfHeap() {
        return Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    }

    /** The share of an owner, such as a build. All shares of the same owner are counted as one. */
    public Share share(Object owner) {
        return new Share(owner);
    }

    /** Makes the claims of one owner. */
    public final class Share {

        private final Object owner;

        private Share(Object owner) {
            this.owner = owner;
        }

        /**
         * Asks for memory.
         *
         * @param granted called once by the executor when the memory is there; not called if it is there at once
         */
        public Claim claim(int bytes, Runnable granted) {
            Claim claim = new Claim(owner, bytes, granted);
            synchronized (TextBudget.this) {
                Owner own = owners.computeIfAbsent(owner, absent -> new Owner());
                if (own.waiting.isEmpty() && fits(own, claim)) {
                    grant(own, claim);
                } else {
                    own.waiting.add(claim);
                }
            }
            return claim;
        }
    }

    /** Memory that an owner has or waits for. */
    public final class Claim {

        private final Object owner;
        private final int bytes;
        private final Runnable granted;

        // Guarded by the budget.
        private boolean isGranted;
        private boolean released;

        private Claim(Object owner, int bytes, Runnable granted) {
            this.owner = owner;
            this.bytes = bytes;
            this.granted = granted;
        }

        boolean isGranted() {
            synchronized (TextBudget.this) {
                return isGranted;
            }
        }

        /** Gives the memory back, or stops waiting for it. A second call does nothing. */
        public void release() {
            TextBudget.this.release(this);
        }
    }

    private void release(Claim claim) {
        List<Claim> next = new ArrayList<>();
        synchronized (this) {
            if (claim.released) {
                return;
            }
            claim.released = true;
            Owner own = owners.get(claim.owner);
            if (claim.isGranted) {
                claimed -= claim.bytes;
                own.claimed -= claim.bytes;
            } else {
                own.waiting.remove(claim);
            }
            if (own.claimed == 0 && own.waiting.isEmpty()) {
                owners.remove(claim.owner);
            }
            for (Claim first = grantNext(); first != null; first = grantNext()) {
                next.add(first);
            }
        }
        next.forEach(first -> executor.execute(first.granted));
    }

    /** Grants the next claim that waits and fits; {@code null} if there is none. Guarded by this. */
    @CheckForNull
    private Claim grantNext() {
        for (Map.Entry<Object, Owner> entry : owners.entrySet()) {
            Owner own = entry.getValue();
            Claim first = own.waiting.peek();
            if (first != null && fits(own, first)) {
                own.waiting.remove();
                grant(own, first);
                owners.remove(entry.getKey());
                owners.put(first.owner, own);
                return first;
            }
        }
        return null;
    }

    /** Guarded by this. */
    private boolean fits(Owner own, Claim claim) {
        if (own.claimed == 0) {
            return claimed == 0 || claimed + claim.bytes <= MOST * limit;
        }
        return claimed + claim.bytes <= limit && own.claimed + claim.bytes <= limit / owners.size();
    }

    /** Guarded by this. */
    private void grant(Owner own, Claim claim) {
        claimed += claim.bytes;
        own.claimed += claim.bytes;
        claim.isGranted = true;
    }
}
