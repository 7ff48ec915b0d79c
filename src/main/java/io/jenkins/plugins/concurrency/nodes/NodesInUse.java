package io.jenkins.plugins.concurrency.nodes;

import java.util.HashSet;
import java.util.Set;

/** The nodes that a run has, and those that it can't use. Thread-safe. */
final class NodesInUse {

    /** So many nodes may go away and be replaced; at some point something must be wrong. */
    private static final int MAX_LOST = 100;

    // Guarded by this.
    private final Set<String> used = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private int fewer;
    private int lost;

    /** Takes a node; says no if the run has it already. */
    synchronized boolean use(String node) {
        return !refused.contains(node) && used.add(node);
    }

    synchronized void free(String node) {
        used.remove(node);
    }

    /** A node can't be used, and is not to be replaced. */
    synchronized void refuse(String node) {
        if (refused.add(node)) {
            fewer++;
        }
    }

    /** There is to be one node fewer. */
    synchronized void oneFewer() {
        fewer++;
    }

    /** No node will do. */
    synchronized void refuseAll() {
        fewer = Integer.MAX_VALUE / 2;
    }

    /** How many nodes fewer there are to be. */
    synchronized int refused() {
        return fewer;
    }

    /** A node has gone away. Tells whether these were too many. */
    synchronized boolean lost() {
        return ++lost > MAX_LOST;
    }

    /** Whether a node did not do. */
    synchronized boolean isRefused(String node) {
        return refused.contains(node);
    }

    /** Whether a node may still be used. */
    synchronized boolean isFree(String node) {
        return !refused.contains(node) && !used.contains(node);
    }
}
