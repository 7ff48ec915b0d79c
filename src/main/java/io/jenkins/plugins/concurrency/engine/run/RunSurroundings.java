package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a run finds around it.
 *
 * @param variables tells the value of a variable of its environment, {@code null} for one that is not set
 * @param host where the processes of a pool run
 * @param said told lines for people, one after the other
 * @param budgets what it may have under way beside other runs of its process
 */
public record RunSurroundings(
        Function<String, String> variables,
        PoolHost host,
        Consumer<String> said,
        RunBudgets budgets) {

    /** Those of a run that shares its machine with nobody. */
    public RunSurroundings(Function<String, String> variables, PoolHost host, Consumer<String> said) {
        this(variables, host, said, RunBudgets.NONE);
    }

    /**
     * Those of a run on this machine.
     *
     * @param environment of the run
     * @param withheld variables of it that the run's processes do not get
     */
    public static RunSurroundings local(
            RunFiles files, TaskEnvironment environment, Set<String> withheld, RunBudgets budgets) {
        SaidFile said = new SaidFile(files.said());
        LocalHost host = new LocalHost(files.outputs(), environment.without(withheld), said);
        return new RunSurroundings(environment::value, host, said, budgets);
    }
}
