package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.schedule.Permits;
import java.time.Duration;
import java.util.function.Consumer;

/** What a run may have under way beside other runs of its process; by default there is no limit. */
public interface RunBudgets {

    /** Those of a run that has its machine alone. */
    RunBudgets NONE = new RunBudgets() {};

    /** Whose its memory for texts is, of several runs that share some. */
    default Object owner(String runId) {
        return runId;
    }

    /** What its requests take. Closed when none is under way any more. */
    default Permits requests() {
        return Permits.NONE;
    }

    /** How long a request may have what others wait for; zero for as long as it takes. */
    default Duration longestRequest() {
        return Duration.ZERO;
    }

    /**
     * What the attempts of its pool take. Closed when none is under way any more.
     *
     * @param console receives a line when it has to wait for others
     */
    default Permits pool(PoolDemand demand, Consumer<String> console) {
        return Permits.NONE;
    }

    /**
     * The default heap of a worker.
     *
     * @param workers how many there may be
     * @return in MiB; 0 for what suits the machine
     */
    default int heapMib(int workers) {
        return 0;
    }
}
