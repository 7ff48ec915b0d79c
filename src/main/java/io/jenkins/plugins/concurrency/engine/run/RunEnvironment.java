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
 * What a run uses of the process that does it.
 *
 * @param variables returns the value of a variable of its environment; {@code null} if it is not set
 * @param host where the processes of a pool run
 * @param console receives lines for users, one after the other
 * @param budgets what it may do at once beside other runs of its process
 * @param isSupervisor whether the process is there only for runs
 */
public record RunEnvironment(
        Function<String, String> variables,
        PoolHost host,
        Consumer<String> console,
        RunBudgets budgets,
        boolean isSupervisor) {

    /** For a run in the controller's process. */
    public RunEnvironment(
            Function<String, String> variables, PoolHost host, Consumer<String> console, RunBudgets budgets) {
        this(variables, host, console, budgets, false);
    }

    /** For a run that shares its process with no other. */
    public RunEnvironment(Function<String, String> variables, PoolHost host, Consumer<String> console) {
        this(variables, host, console, RunBudgets.NONE);
    }

    /**
     * For a run of a supervisor, on its machine.
     *
     * @param environment of the run
     * @param withheld its variables that the run's processes do not get
     */
    public static RunEnvironment local(
            RunFiles files, TaskEnvironment environment, Set<String> withheld, RunBudgets budgets) {
        ConsoleFile console = new ConsoleFile(files.console());
        LocalHost host = new LocalHost(files.outputs(), environment.without(withheld), console);
        return new RunEnvironment(environment::value, host, console, budgets, true);
    }

    /**
     * Appends lines for users to a file of the run directory. The controller shows them from there. Not thread-safe.
     */
    private static final class ConsoleFile implements Consumer<String> {

        private static final Logger LOGGER = Logger.getLogger(ConsoleFile.class.getName());

        private final Path file;

        ConsoleFile(Path file) {
            this.file = file;
        }

        /** The file is opened for each line: most runs have no line, and none has many. */
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
