package io.jenkins.plugins.concurrency.steps.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.steps.RunStep;
import io.jenkins.plugins.concurrency.steps.parameter.AllowedValues;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.Matrix;
import io.jenkins.plugins.concurrency.steps.parameter.NeedsArgument;
import io.jenkins.plugins.concurrency.steps.parameter.Seconds;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The common part of the pools: commands ({@code tasks}, or {@code inputs} with a {@code command} template), a Groovy
 * function for each of {@code inputs} in forked JVMs, or the user's own persistent worker for {@code inputs}. Times are
 * whole seconds, memory is in MiB.
 */
public abstract class PoolStep extends RunStep {

    private final PoolKind kind;

    private Object tasks;
    private boolean areTasksLines;
    private Object needs;
    private Object inputs;

    @CheckForNull
    private String inputsFile;

    private Object matrix;
    private Object exclude;
    private Object include;

    @CheckForNull
    private String command;

    @CheckForNull
    private String groovy;

    @CheckForNull
    private String worker;

    @CheckForNull
    private String shell;

    private Object classpath;
    private int nice;
    private int memory;
    private String affinity = "none";
    private int memFree;
    private Object delay = 0;
    private int maxTasksPerWorker;
    private int maxOutput = OutputOptions.DEFAULT_MAX_MB;
    private boolean keepOutput;
    private boolean follow;

    /** @param kind what the work mostly does */
    protected PoolStep(PoolKind kind) {
        super(0);
        this.kind = kind;
    }

    /** Commands: a list, or a map from name to command. The lines of a form have names if some tasks need others. */
    @CheckForNull
    public Object getTasks() {
        return needs != null && tasks != null && areTasksLines ? NeedsArgument.named(tasks) : tasks;
    }

    @DataBoundSetter
    public void setTasks(@CheckForNull Object tasks) {
        areTasksLines = tasks instanceof CharSequence;
        this.tasks = Arguments.listed(tasks);
    }

    /** Which tasks wait for others: a map from a task's name to the names that it needs. */
    @CheckForNull
    public Object getNeeds() {
        return needs;
    }

    @DataBoundSetter
    public void setNeeds(@CheckForNull Object needs) {
        this.needs = NeedsArgument.listed(needs);
    }

    /** The inputs of {@code command}, {@code groovy} or {@code worker}: a list of JSON values. */
    @CheckForNull
    public Object getInputs() {
        return inputs;
    }

    @DataBoundSetter
    public void setInputs(@CheckForNull Object inputs) {
        this.inputs = Arguments.listed(inputs);
    }

    /** A file of the workspace with the inputs. Each line is a text, or JSON in {@code .ndjson} and {@code .jsonl}. */
    @CheckForNull
    public String getInputsFile() {
        return inputsFile;
    }

    @DataBoundSetter
    public void setInputsFile(@CheckForNull String inputsFile) {
        this.inputsFile = Util.fixEmptyAndTrim(inputsFile);
    }

    /** A map from name to list of values. Each combination is an input. */
    @CheckForNull
    public Object getMatrix() {
        return matrix;
    }

    @DataBoundSetter
    public void setMatrix(@CheckForNull Object matrix) {
        this.matrix = Matrix.ofLines(matrix);
    }

    /** The combinations that are left out: a list of maps with some of their values. */
    @CheckForNull
    public Object getExclude() {
        return exclude;
    }

    @DataBoundSetter
    public void setExclude(@CheckForNull Object exclude) {
        this.exclude = Matrix.entriesOfLines(exclude);
    }

    /** Values that are added to combinations, or combinations that are added: a list of maps. */
    @CheckForNull
    public Object getInclude() {
        return include;
    }

    @DataBoundSetter
    public void setInclude(@CheckForNull Object include) {
        this.include = Matrix.entriesOfLines(include);
    }

    boolean hasMatrix() {
        return matrix != null || include != null;
    }

    /** A command template with GNU parallel's replacement strings. */
    @CheckForNull
    public String getCommand() {
        return command;
    }

    @DataBoundSetter
    public void setCommand(@CheckForNull String command) {
        this.command = Util.fixEmptyAndTrim(command);
    }

    /** The Groovy source of a function of {@code input}. */
    @CheckForNull
    public String getGroovy() {
        return groovy;
    }

    @DataBoundSetter
    public void setGroovy(@CheckForNull String groovy) {
        this.groovy = Util.fixEmptyAndTrim(groovy);
    }

    /** A command that starts a persistent worker. */
    @CheckForNull
    public String getWorker() {
        return worker;
    }

    @DataBoundSetter
    public void setWorker(@CheckForNull String worker) {
        this.worker = Util.fixEmptyAndTrim(worker);
    }

    /** The program that runs commands without a {@code #!} line, perhaps with options. */
    @CheckForNull
    public String getShell() {
        return shell;
    }

    @DataBoundSetter
    public void setShell(@CheckForNull String shell) {
        this.shell = Util.fixEmptyAndTrim(shell);
    }

    /** Jars and folders of the workspace for {@code groovy}: a list. */
    @CheckForNull
    public Object getClasspath() {
        return classpath;
    }

    @DataBoundSetter
    public void setClasspath(@CheckForNull Object classpath) {
        this.classpath = Arguments.listed(classpath);
    }

    /** What is added to the niceness of processes. */
    @AllowedValues(most = 19)
    public int getNice() {
        return nice;
    }

    @DataBoundSetter
    public void setNice(int nice) {
        this.nice = nice;
    }

    /**
     * The heap of a JVM that runs {@code groovy}, or the largest memory of another process, in MiB; 0 for the default.
     */
    public int getMemory() {
        return memory;
    }

    @DataBoundSetter
    public void setMemory(int memory) {
        this.memory = memory;
    }

    /** {@code core} if each worker stays on its own processor, otherwise {@code none}. */
    public String getAffinity() {
        return affinity;
    }

    @DataBoundSetter
    public void setAffinity(String affinity) {
        this.affinity = affinity.strip();
    }

    /** No process is started while less memory is available, in MiB; 0 for no such limit. */
    public int getMemFree() {
        return memFree;
    }

    @DataBoundSetter
    public void setMemFree(int memFree) {
        this.memFree = memFree;
    }

    /** The shortest time between two starts, in seconds. */
    @AllowedValues(seconds = true)
    public Object getDelay() {
        return delay;
    }

    @DataBoundSetter
    public void setDelay(@CheckForNull Object delay) {
        this.delay = Seconds.normal(delay);
    }

    /** After how many tasks a worker is replaced; 0 for never. */
    public int getMaxTasksPerWorker() {
        return maxTasksPerWorker;
    }

    @DataBoundSetter
    public void setMaxTasksPerWorker(int maxTasksPerWorker) {
        this.maxTasksPerWorker = maxTasksPerWorker;
    }

    /** How much one command may write to its outputs, in MiB; 0 for no limit. */
    public int getMaxOutput() {
        return maxOutput;
    }

    @DataBoundSetter
    public void setMaxOutput(int maxOutput) {
        this.maxOutput = maxOutput;
    }

    /** Whether the whole outputs become artifacts of the build. */
    public boolean isKeepOutput() {
        return keepOutput;
    }

    @DataBoundSetter
    public void setKeepOutput(boolean keepOutput) {
        this.keepOutput = keepOutput;
    }

    /** Whether the log shows the lines of commands while they run. */
    public boolean isFollow() {
        return follow;
    }

    @DataBoundSetter
    public void setFollow(boolean follow) {
        this.follow = follow;
    }

    /**
     * How many branches run at once; 0 for the default of this kind.
     *
     * @param capped limits the number to what the administrator allows
     */
    abstract int width(LimitEnforcer capped);

    PoolKind kind() {
        return kind;
    }
}
