package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import java.time.Duration;
import org.kohsuke.stapler.DataBoundSetter;

/** The parameters that bound and pace the processes of a pool. Times are whole seconds, memory is in MiB. */
public abstract class ProcessStep extends RunStep {

    private static final String CORE = "core";

    private int nice;
    private int memory;
    private String affinity = "none";
    private int memFree;
    private int delay;
    private int maxTasksPerWorker;
    private int maxOutput = CommandOptions.DEFAULT_MAX_OUTPUT_MB;

    /** @param timeout the default limit of one attempt, in seconds */
    protected ProcessStep(int timeout) {
        super(timeout);
    }

    /** What is added to the commands' niceness. */
    public int getNice() {
        return nice;
    }

    @DataBoundSetter
    public void setNice(int nice) {
        this.nice = nice;
    }

    /** The most memory that a process of a command may allocate; 0 for no limit. */
    public int getMemory() {
        return memory;
    }

    @DataBoundSetter
    public void setMemory(int memory) {
        this.memory = memory;
    }

    /** {@code core} to keep each worker on a processor of its own, or {@code none}. */
    @NonNull
    public String getAffinity() {
        return affinity;
    }

    @DataBoundSetter
    public void setAffinity(@NonNull String affinity) {
        this.affinity = affinity.strip();
    }

    /** Nothing is started while less memory than this is available; 0 for no such limit. */
    public int getMemFree() {
        return memFree;
    }

    @DataBoundSetter
    public void setMemFree(int memFree) {
        this.memFree = memFree;
    }

    /** The least time between two starts. */
    public int getDelay() {
        return delay;
    }

    @DataBoundSetter
    public void setDelay(int delay) {
        this.delay = delay;
    }

    /** After how many tasks a worker is replaced by a new one; 0 for never. */
    public int getMaxTasksPerWorker() {
        return maxTasksPerWorker;
    }

    @DataBoundSetter
    public void setMaxTasksPerWorker(int maxTasksPerWorker) {
        this.maxTasksPerWorker = maxTasksPerWorker;
    }

    /** The most that one command may write to its outputs; 0 for no limit. */
    public int getMaxOutput() {
        return maxOutput;
    }

    @DataBoundSetter
    public void setMaxOutput(int maxOutput) {
        this.maxOutput = maxOutput;
    }

    /** The same, checked. */
    @NonNull
    CommandOptions commandOptions() throws WrongArgumentException {
        if (nice < 0 || nice > 19) {
            throw wrong("nice", nice + " is given; allowed is 0 to 19");
        }
        atLeast("memory", 0, memory);
        if (!affinity.equals("none") && !affinity.equals(CORE)) {
            throw wrong("affinity", "'" + affinity + "' is given; allowed are 'none' and 'core'");
        }
        atLeast("memFree", 0, memFree);
        atLeast("delay", 0, delay);
        atLeast("maxTasksPerWorker", 0, maxTasksPerWorker);
        atLeast("maxOutput", 0, maxOutput);
        return new CommandOptions(
                nice, memory, affinity.equals(CORE), memFree, Duration.ofSeconds(delay), maxTasksPerWorker, maxOutput);
    }

    /** Refuses what only commands can have, for other work. */
    void checkNoCommandOptions() throws WrongArgumentException {
        CommandOptions given = commandOptions();
        CommandOptions none = CommandOptions.DEFAULT;
        CommandOptions allowed = new CommandOptions(
                none.nice(), none.memoryMb(), none.pinned(), given.memFreeMb(), given.delay(), none.maxTasksPerWorker(),
                none.maxOutputMb());
        if (!given.equals(allowed)) {
            throw wrong("'nice', 'memory', 'affinity', 'maxTasksPerWorker' and 'maxOutput' are for commands only");
        }
    }
}
