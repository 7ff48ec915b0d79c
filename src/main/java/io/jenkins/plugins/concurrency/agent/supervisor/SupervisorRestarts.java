package io.jenkins.plugins.concurrency.agent.supervisor;

import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;

/** Counts the supervisors of a run, and decides whether the run gets another one. Thread-safe. */
public final class SupervisorRestarts {

    private static final int MAX_DEATHS = 2;

    /** After so many starts something must be wrong, even if no supervisor has died. */
    private static final int MAX_STARTS = 10;

    private final JournalReceiver receiver;

    /** How many this controller process has started. Guarded by this. */
    private int starts;

    /** What to do if a supervisor is gone before its run has ended. */
    public enum Next {
        /** Another one continues. */
        ANOTHER,
        /** No supervisor could begin. */
        NEVER_BEGUN,
        /** Too many have died. */
        NO_MORE
    }

    /** @param receiver knows the supervisors that have written a line */
    public SupervisorRestarts(JournalReceiver receiver) {
        this.receiver = receiver;
    }

    /** Called before a supervisor is started. */
    public synchronized void starting() {
        starts++;
    }

    /** Called when the last supervisor is gone. */
    public synchronized Next afterEnd() {
        int all = Math.max(starts, receiver.starts());
        int deaths = all - receiver.suspensions();
        if (deaths < MAX_DEATHS && all < MAX_STARTS) {
            return Next.ANOTHER;
        }
        return receiver.starts() == 0 ? Next.NEVER_BEGUN : Next.NO_MORE;
    }
}
