package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The directory of a step, for a task that waits until its agent is connected, at most as long as the administrator says.
 * All that waits for the agent is done on the agent's threads.
 */
final class StepDirectory {

    private static final Logger LOGGER = Logger.getLogger(StepDirectory.class.getName());

    /** The time between two attempts, if the agent is not connected. */
    private static final long PAUSE_MILLIS = 1_000;

    /** What is done with the directory. */
    @FunctionalInterface
    interface Task {
        void run(FilePath directory) throws IOException, InterruptedException;
    }

    private final StepContext context;
    private final BooleanSupplier isOver;
    private final Task task;
    private final Consumer<Throwable> afterwards;

    /** How long to wait for a missing agent, as a time of {@link System#nanoTime}. */
    private final long deadline;

    private StepDirectory(StepContext context, BooleanSupplier isOver, Task task, Consumer<Throwable> afterwards) {
        this.context = context;
        this.isOver = isOver;
        this.task = task;
        this.afterwards = afterwards;
        this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ConcurrencyConfiguration.get().getAgentTimeout());
    }

    /** The threads for tasks that wait for the agent with the step's directory. */
    static Executor threads(StepContext context) throws IOException, InterruptedException {
        Computer computer = context.get(Computer.class);
        return RunThreads.ofAgent(computer == null ? "" : computer.getName());
    }

    /**
     * Does a task on another thread. Returns at once. The task may be done again if the agent leaves meanwhile.
     *
     * @param isOver whether the task is no longer needed; then nothing else is called
     * @param afterwards called with {@code null} when the task is done, or with the reason why it is not
     */
    static void use(StepContext context, BooleanSupplier isOver, Task task, Consumer<Throwable> afterwards) {
        new StepDirectory(context, isOver, task, afterwards).begin();
    }

    private void begin() {
        Executor threads;
        try {
            threads = threads(context);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, e, () -> "no agent for " + context);
            threads = RunThreads.ofController(); // it is away, so nothing waits for it
        }
        threads.execute(this::attempt);
    }

    private void attempt() {
        if (isOver.getAsBoolean()) {
            return;
        }
        FilePath directory = null;
        Throwable problem = null;
        try {
            directory = context.get(FilePath.class);
            if (directory == null) {
                throw new IOException("the node around the step is not connected");
            }
            task.run(directory);
        } catch (Throwable e) { // an Error too, because nothing else would end the step
            problem = e;
        }
        if (problem != null && isAbsent(directory) && System.nanoTime() < deadline) {
            Timer.get().schedule(this::begin, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            afterwards.accept(problem);
        }
    }

    private static boolean isAbsent(@CheckForNull FilePath directory) {
        return directory == null || directory.toComputer() == null;
    }
}
