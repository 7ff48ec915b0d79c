package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.schedule.Permits;
import java.time.Duration;
import java.util.function.Consumer;

/** What a run may do at once beside other runs of its process. By default there is no limit. */
public interface RunBudgets {

    /** For a run that shares its process with no other. */
    RunBudgets NONE = new RunBudgets() {};

    /** The owner of its part of the memory for texts, which several runs share. */
    default Object owner(String runId) {
        return runId;
    }

    /** The permits of its requests. Closed when no request is running any more. */
    default Permits requests() {
        return Permits.NONE;
    }

    /** How long a request may keep a permit that others wait for; zero for no limit. */
    default Duration longestRequest() {
        return Duration.ZERO;
    }

    /**
     * The permits of its pool's attempts. Closed when no attempt is running any more.
     *
     * @param console receives a line if the run has to wait for others
     */
    default Permits pool(PoolDemand demand, Consumer<String> console) {
        return Permits.NONE;
    }

    /**
     * The default heap of a worker.
     *
     * @param workers how many there may be
     * @return in MiB; 0 for what fits the machine
     */
    default int heapMib(int workers) {
        return 0;
    }

    /**
     * What a pool takes of its machine.
     *
     * @param kind what its work mostly does
     * @param adapts whether it takes what is free: the step sets no number of workers
     * @param attemptsAtOnce how many attempts one of its processes has at once
     * @param memoryMib what one of its processes may use, in MiB; 0 if the step does not say
     * @param stays whether its processes stay up when an attempt has ended
     */
    public record PoolDemand(PoolKind kind, boolean adapts, int attemptsAtOnce, int memoryMib, boolean stays) {}
}
