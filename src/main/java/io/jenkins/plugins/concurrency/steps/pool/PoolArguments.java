package io.jenkins.plugins.concurrency.steps.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.nodes.NodesRequest;
import io.jenkins.plugins.concurrency.steps.NodesArguments;
import io.jenkins.plugins.concurrency.steps.RunPlan;
import io.jenkins.plugins.concurrency.steps.RunStep;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.BranchList;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.Matrix;
import io.jenkins.plugins.concurrency.steps.parameter.NeedsArgument;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Reads the parameters of a pool, and reports what is wrong with them. Used once. */
public final class PoolArguments {

    private static final String FORMS = "give either 'tasks', or 'inputs' or 'matrix' with 'command', 'groovy' or 'worker'";

    private static final String CORE = "core";

    /** The smallest heap in MB. A JVM with a smaller one does not start. */
    private static final int MIN_HEAP = 16;

    private final PoolStep step;
    private final LimitEnforcer capped;
    private final boolean isFunction;

    /** Whether the work is commands: no functions and no persistent workers. */
    private final boolean isCommand;

    /** The cells of the matrix; {@code null} until they are made. */
    private List<Map<String, Object>> cells;

    public PoolArguments(PoolStep step, LimitEnforcer capped) {
        this.step = step;
        this.capped = capped;
        this.isFunction = step.getGroovy() != null;
        this.isCommand = !isFunction && step.getWorker() == null;
    }

    /** Checks the arguments, and returns what the step has to do. */
    RunPlan plan(StepContext context) throws WrongArgumentException, IOException, InterruptedException {
        NodesRequest request = new NodesArguments(step).request(context);
        FilePath directory = context.get(FilePath.class);
        if (request != null && step.getInputsFile() != null && !request.hasFiles()) {
            throw step.wrong("inputsFile", RunStep.NEEDS_STASH);
        }
        if (request == null && directory == null) {
            throw step.wrong(RunStep.NEEDS_NODE);
        }
        WorkSpec.Pool work = work(request == null ? directory : null);
        BranchList branches = branches();
        return new RunPlan(step.label(), step.policy(capped), work.with(needs(branches)), branches).on(request);
    }

    private List<BranchNeeds> needs(BranchList branches) throws WrongArgumentException {
        if (step.getNeeds() == null) {
            return List.of();
        }
        if (!(step.getTasks() instanceof Map) && step.getMatrix() == null && step.getInclude() == null) {
            throw step.wrong("needs", "the branches have no names; give 'tasks' as a map from name to command");
        }
        return NeedsArgument.of(step.getNeeds(), branches.names(), problem -> step.wrong("needs", problem));
    }

    /** @param directory where the work is done; {@code null} if each node has its own directory */
    public WorkSpec.Pool work(@CheckForNull FilePath directory) throws WrongArgumentException {
        checkForm();
        int width = step.width(capped);
        checkShell();
        checkTemplate(inputsFile(directory));
        PoolSettings settings = new PoolSettings(
                step.kind(),
                width,
                step.getCommand(),
                step.getGroovy(),
                directory == null ? "" : directory.getRemote(),
                commandOptions(),
                workerOptions());
        return new WorkSpec.Pool(settings, inputsFile(directory), List.of());
    }

    /**
     * The path of the file with the inputs, on the machine that reads it. If the work is done on other nodes, the path
     * is relative to the workspace around the step, or to the stash.
     */
    @CheckForNull
    private String inputsFile(@CheckForNull FilePath directory) throws WrongArgumentException {
        String list = step.getInputsFile();
        if (list == null) {
            return null;
        }
        String inside = step.insideWorkspace("inputsFile", list);
        return directory == null ? inside : directory.child(inside).getRemote();
    }

    /** The branches, if they are known here. */
    private BranchList branches() throws WrongArgumentException {
        if (step.getInputsFile() != null) {
            return BranchList.listedOnAgent();
        }
        PoolBranches branches = new PoolBranches(step);
        return step.getTasks() != null ? branches.ofTasks(step.getTasks()) : branches.ofInputs(inputs());
    }

    /** The inputs, or the cells of the matrix; {@code null} if the inputs are in a file, or if there are tasks. */
    @CheckForNull
    private Object inputs() throws WrongArgumentException {
        if (!step.hasMatrix()) {
            return step.getInputs();
        }
        if (cells == null) {
            cells = Matrix.cells(step.getDescriptor().getFunctionName(), step.getMatrix(), step.getExclude(), step.getInclude());
        }
        return cells;
    }

    /** Checks that the work is given in exactly one form. */
    void checkForm() throws WrongArgumentException {
        List<String> inputs = Stream.of(
                        step.getInputs() == null ? null : "'inputs'",
                        step.getInputsFile() == null ? null : "'inputsFile'",
                        step.hasMatrix() ? "'matrix'" : null)
                .filter(Objects::nonNull)
                .toList();
        if (inputs.size() > 1) {
            throw step.wrong(String.join(" and ", inputs) + " are both given; " + FORMS);
        }
        if (step.getExclude() != null && step.getMatrix() == null) {
            throw step.wrong("exclude", "is given without 'matrix'");
        }
        boolean areTasks = step.getTasks() != null;
        boolean areInputs = !inputs.isEmpty();
        if (!areTasks && !areInputs) {
            throw step.wrong("no work is given; " + FORMS);
        }
        Map<String, String> works = works();
        if (areTasks && (areInputs || !works.isEmpty())) {
            throw step.wrong("'tasks' is given with another form of work; " + FORMS);
        }
        if (areInputs && works.isEmpty()) {
            throw step.wrong((step.hasMatrix() ? "'matrix'" : "'inputs'") + " is given without 'command', 'groovy' or 'worker'; " + FORMS);
        }
        if (works.size() > 1) {
            throw step.wrong("'" + String.join("' and '", works.values()) + "' are both given; " + FORMS);
        }
        for (Map.Entry<String, String> work : works.entrySet()) {
            PoolBranches.checkNul(step, work.getValue(), work.getKey(), "has");
        }
    }

    private Map<String, String> works() {
        Map<String, String> works = new LinkedHashMap<>();
        works.put(step.getCommand(), "command");
        works.put(step.getGroovy(), "groovy");
        works.put(step.getWorker(), "worker");
        works.remove(null);
        return works;
    }

    private void checkShell() throws WrongArgumentException {
        if (isFunction && step.getShell() != null) {
            throw step.wrong("shell", "is given with 'groovy', which no shell reads");
        }
        try {
            InterpretedScript script = InterpretedScript.of(Util.fixNull(step.getCommand()), Util.fixNull(step.getShell()));
            if (step.getCommand() != null && !script.isForPosixShell()) {
                throw step.wrong(
                        "command",
                        "its replacement strings need a POSIX shell to read it; use 'worker' or 'tasks' for other languages");
            }
        } catch (IllegalArgumentException e) {
            throw step.wrong("shell", e.getMessage());
        }
    }

    /** Checks the template with the first input, if it is known. The other inputs must have the same parts. */
    private void checkTemplate(@CheckForNull String inputsFile) throws WrongArgumentException {
        if (step.getCommand() == null || inputsFile != null && WorkSpec.Pool.isJson(inputsFile)) {
            return;
        }
        List<?> inputs = inputsFile == null ? Arguments.items(inputs()) : null;
        try {
            new CommandTemplate.InputCheck(step.getCommand())
                    .accept(inputs == null || inputs.isEmpty() ? null : Arguments.plain(inputs.get(0)));
        } catch (IllegalArgumentException e) {
            throw step.wrong("command", e.getMessage());
        }
    }

    /** The options of commands and workers. The memory of JVMs is not among them, because their heap is limited. */
    private CommandOptions commandOptions() throws WrongArgumentException {
        Map<String, Object> options = step.parameters().valuesWithTimes(step);
        options.put("memory", isFunction ? 0 : step.getMemory());
        options.put("pinned", isPinned());
        options.put("output", outputOptions());
        return CommandOptions.DEFAULT.with(options);
    }

    private OutputOptions outputOptions() throws WrongArgumentException {
        boolean reads = step.isKeepOutput() || step.isFollow();
        if (!isCommand && !reads && step.getMaxOutput() != OutputOptions.DEFAULT_MAX_MB) {
            String other = isFunction ? "groovy" : "worker";
            throw step.wrong("maxOutput", "is given with '" + other + "', but neither 'keepOutput' nor 'follow'");
        }
        return new OutputOptions(maxOutput(), step.isKeepOutput() ? step.label().text() : null, step.isFollow());
    }

    private int maxOutput() {
        int limit = ConcurrencyConfiguration.get().getSizes().getOutput();
        return (int) capped.open("maxOutput", step.getMaxOutput(), OutputOptions.DEFAULT_MAX_MB, limit);
    }

    private boolean isPinned() throws WrongArgumentException {
        String affinity = step.getAffinity();
        if (!affinity.equals("none") && !affinity.equals(CORE)) {
            throw step.wrong("affinity", "'" + affinity + "' is given; allowed are 'none' and 'core'");
        }
        boolean pinned = affinity.equals(CORE);
        if (pinned && isFunction && step.kind() == PoolKind.IO) {
            throw step.wrong("affinity", "is given with 'groovy', whose threads are all in one process; use cpuPool");
        }
        return pinned;
    }

    private PoolSettings.WorkerOptions workerOptions() throws WrongArgumentException {
        int heap = isFunction ? step.getMemory() : 0;
        if (heap > 0 && heap < MIN_HEAP) {
            throw step.wrong("memory", heap + " is given; allowed is 0, or " + MIN_HEAP + " or more MB");
        }
        return new PoolSettings.WorkerOptions(step.getWorker(), classpath(), heap);
    }

    private List<String> classpath() throws WrongArgumentException {
        Object given = step.getClasspath();
        if (given == null) {
            return List.of();
        }
        if (!isFunction) {
            throw step.wrong("classpath", "is given without 'groovy', and has no meaning for other work");
        }
        List<?> entries = Arguments.items(given);
        if (entries == null || entries.stream().anyMatch(entry -> !(entry instanceof CharSequence))) {
            throw step.wrong("classpath", Arguments.describe(given) + " is given; allowed is a list of files");
        }
        return entries.stream().map(Object::toString).toList();
    }
}
