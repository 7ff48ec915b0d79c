package io.jenkins.plugins.concurrency.engine.schedule;

/**
 * What an attempt takes of a {@link PermitBudget}.
 *
 * @param permits for each process
 * @param attemptsAtOnce how many attempts have one process, and its permits, together
 * @param stays whether a process is there, and has its permits, until somebody else needs them
 * @param adapts whether it takes what is free; otherwise it takes what a script asks for, and leaves less to others
 */
public record PermitDemand(int permits, int attemptsAtOnce, boolean stays, boolean adapts) {

    /** One permit for each attempt. */
    public static final PermitDemand ONE = new PermitDemand(1, 1, false, true);

    public PermitDemand {
        if (permits < 0 || attemptsAtOnce < 1) {
            throw new IllegalArgumentException(permits + " permits for " + attemptsAtOnce + " attempts");
        }
    }
}
