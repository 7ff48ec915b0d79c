package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a run finds around it.
 *
 * @param variables tells the value of a variable of its environment, {@code null} for one that is not set
 * @param host where the processes of a pool run
 * @param said told lines for people, one after the other
 */
public record RunSurroundings(
        @NonNull Function<String, String> variables, @NonNull PoolHost host, @NonNull Consumer<String> said) {

    /**
     * Those of a process that was started for the run alone.
     *
     * @param withheld variables that are for this process alone
     */
    @NonNull
    public static RunSurroundings ofThisProcess(@NonNull RunFiles files, @NonNull Set<String> withheld) {
        SaidFile said = new SaidFile(files.said());
        return new RunSurroundings(System::getenv, new LocalHost(files.outputs(), withheld, said), said);
    }
}
