package io.jenkins.plugins.concurrency.agent.supervisor;

import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;

/** Counts the supervisors of a run, and decides whether it gets another. Thread-safe. */
public final class SupervisorRestarts {

    private static final int MAX_DEATHS = 2;

    /** Deaths or not, at some point something must be wrong. */
    private static final int MAX_STARTS = 10;

    private final JournalReceiver receiver;

    /** By this controller process. Guarded by this. */
    private int starts;

    /** What to do about a supervisor that is gone before its run has ended. */
    public enum Next {
        /** Another one continues. */
        ANOTHER,
        /** None could even begin. */
        NEVER_BEGUN,
        /** Too many have died. */
        NO_MORE
    }

    /** @param receiver knows those that lived long enough to write a line */
    public SupervisorRestarts(JournalReceiver receiver) {
        this.receiver = receiver;
    }

    /** One is about to be started. */
    public synchronized void starting() {
        starts++;
    }

    /** The last one is gone. */
    public synchronized Next afterEnd() {
        int all = Math.max(starts, receiver.starts());
        int deaths = all - receiver.suspensions();
        if (deaths < MAX_DEATHS && all < MAX_STARTS) {
            return Next.ANOTHER;
        }
        return receiver.starts() == 0 ? Next.NEVER_BEGUN : Next.NO_MORE;
    }
}
