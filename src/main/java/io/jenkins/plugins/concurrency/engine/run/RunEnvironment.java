package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The surroundings of a run.
 *
 * @param variables tells the value of a variable of its environment, {@code null} for one that is not set
 * @param host where the processes of a pool run
 * @param console receives lines for users, one after the other
 * @param budgets what it may have under way beside other runs of its process
 */
public record RunEnvironment(
        Function<String, String> variables,
        PoolHost host,
        Consumer<String> console,
        RunBudgets budgets) {

    /** Those of a run that has its machine alone. */
    public RunEnvironment(Function<String, String> variables, PoolHost host, Consumer<String> console) {
        this(variables, host, console, RunBudgets.NONE);
    }

    /**
     * Those of a run on this machine.
     *
     * @param environment of the run
     * @param withheld variables of it that the run's processes do not get
     */
    public static RunEnvironment local(
            RunFiles files, TaskEnvironment environment, Set<String> withheld, RunBudgets budgets) {
        ConsoleFile console = new ConsoleFile(files.console());
        LocalHost host = new LocalHost(files.outputs(), environment.without(withheld), console);
        return new RunEnvironment(environment::value, host, console, budgets);
    }

    /** Appends lines for users to a file of the run directory, from which they are shown. As thread-safe as its caller. */
    private static final class ConsoleFile implements Consumer<String> {

        private static final Logger LOGGER = Logger.getLogger(ConsoleFile.class.getName());

        private final Path file;

        ConsoleFile(Path file) {
            this.file = file;
        }

        /** Opened for each line: most runs have none, and none has many. */
        @Override
        public void accept(String line) {
            try {
                Files.write(
                        file,
                        (line + '\n').getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "can't say: " + line); // the run itself has no need of it
            }
        }
    }
}
