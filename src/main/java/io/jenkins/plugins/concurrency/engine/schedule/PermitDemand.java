package io.jenkins.plugins.concurrency.engine.schedule;

/**
 * What an attempt needs of a {@link PermitBudget}.
 *
 * @param permits for each process
 * @param attemptsAtOnce how many attempts share a process and its permits
 * @param stays whether a process keeps its permits until others need them
 * @param adapts whether it uses what is free; otherwise it uses what a script asks for, and less is left for others
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
