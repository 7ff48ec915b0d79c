package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Computer;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.WorkerOptions;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames.DuplicateNameException;
import io.jenkins.plugins.concurrency.engine.run.Work;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * CPU-bound work on processes of the agent: commands ({@code tasks}, or {@code inputs} with a {@code command}
 * template), or a Groovy function for each of {@code inputs} in forked JVMs.
 */
public final class CpuPoolStep extends ProcessStep {

    private Object tasks;
    private Object inputs;

    @CheckForNull
    private String inputsFile;

    @CheckForNull
    private String command;

    @CheckForNull
    private String groovy;

    private int workers;

    @DataBoundConstructor
    public CpuPoolStep() {
        super(0);
    }

    /** Commands: a list, or a map from name to command. */
    @CheckForNull
    public Object getTasks() {
        return tasks;
    }

    @DataBoundSetter
    public void setTasks(@CheckForNull Object tasks) {
        this.tasks = emptyToNull(tasks);
    }

    /** What {@code command} or {@code groovy} is applied to: a list of JSON values. */
    @CheckForNull
    public Object getInputs() {
        return inputs;
    }

    @DataBoundSetter
    public void setInputs(@CheckForNull Object inputs) {
        this.inputs = emptyToNull(inputs);
    }

    /** A file of the workspace that lists the inputs: a text a line, or JSON a line in {@code .ndjson} and {@code .jsonl}. */
    @CheckForNull
    public String getInputsFile() {
        return inputsFile;
    }

    @DataBoundSetter
    public void setInputsFile(@CheckForNull String inputsFile) {
        this.inputsFile = Util.fixEmptyAndTrim(inputsFile);
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

    /** The source of a function of {@code input}. */
    @CheckForNull
    public String getGroovy() {
        return groovy;
    }

    @DataBoundSetter
    public void setGroovy(@CheckForNull String groovy) {
        this.groovy = Util.fixEmptyAndTrim(groovy);
    }

    /** How many processes at once; 0 for as many as the agent's processors that may be used. */
    public int getWorkers() {
        return workers;
    }

    @DataBoundSetter
    public void setWorkers(int workers) {
        this.workers = workers;
    }

    /** An empty field of a form is no argument; an empty text in a script is no list either. */
    private static Object emptyToNull(Object argument) {
        return "".equals(argument) ? null : argument;
    }

    @Override
    RunPlan plan(StepContext context) throws Exception {
        checkForm();
        atLeast("workers", 0, workers);
        checkTemplate();
        FilePath directory = context.get(FilePath.class);
        PoolSettings settings = new PoolSettings(
                PoolKind.CPU,
                workers,
                command,
                groovy,
                directory.getRemote(),
                commandOptions(),
                WorkerOptions.DEFAULT);
        String list = inputsFile == null ? null : directory.child(insideWorkspace("inputsFile", inputsFile)).getRemote();
        return new RunPlan(label(), policy(), new Work.Pool(settings, list), branches());
    }

    private BranchList branches() throws WrongArgumentException {
        if (inputsFile != null) {
            return BranchList.listedOnAgent();
        }
        return tasks != null ? taskBranches() : inputBranches();
    }

    private void checkForm() throws WrongArgumentException {
        String forms = "give either 'tasks', or 'inputs' with 'command', or 'inputs' with 'groovy'";
        if (inputs != null && inputsFile != null) {
            throw wrong("'inputs' and 'inputsFile' are both given; " + forms);
        }
        boolean listed = inputs != null || inputsFile != null;
        if (tasks == null && !listed) {
            throw wrong("no work is given; " + forms);
        }
        if (tasks != null && (listed || command != null || groovy != null)) {
            throw wrong("'tasks' is given with another form of work; " + forms);
        }
        if (tasks == null && command == null && groovy == null) {
            throw wrong("'inputs' is given without 'command' or 'groovy'; " + forms);
        }
        if (command != null && groovy != null) {
            throw wrong("'command' and 'groovy' are both given; " + forms);
        }
        if (groovy != null) {
            checkNoCommandOptions();
        }
    }

    private void checkTemplate() throws WrongArgumentException {
        try {
            if (command != null) {
                CommandTemplate.parse(command);
            }
        } catch (IllegalArgumentException e) {
            throw wrong("command", e.getMessage());
        }
    }

    private BranchList taskBranches() throws WrongArgumentException {
        BranchList.Builder branches = new BranchList.Builder();
        try {
            if (tasks instanceof Map<?, ?> named) {
                for (Map.Entry<?, ?> task : named.entrySet()) {
                    String script = script(task.getValue(), "'" + task.getKey() + "'");
                    branches.add(String.valueOf(task.getKey()), script, Map.of("command", script));
                }
                return branches.build();
            }
            List<?> items = Arguments.items(tasks);
            if (items == null) {
                throw wrong("tasks", Arguments.describe(tasks) + " is given; allowed is a list of commands or a map");
            }
            for (Object item : items) {
                String script = script(item, "item " + (branches.size() + 1));
                branches.add(null, script, Map.of("command", script));
            }
            return branches.build();
        } catch (DuplicateNameException e) {
            throw wrong("tasks", e.getMessage() + "; names must differ");
        }
    }

    private String script(Object task, String where) throws WrongArgumentException {
        if (task instanceof CharSequence text && !text.toString().isBlank()) {
            return text.toString();
        }
        throw wrong("tasks", where + " is " + Arguments.describe(task) + "; allowed is a command");
    }

    private BranchList inputBranches() throws WrongArgumentException {
        List<?> items = Arguments.items(inputs);
        if (items == null) {
            throw wrong("inputs", Arguments.describe(inputs) + " is given; allowed is a list");
        }
        BranchList.Builder branches = new BranchList.Builder();
        for (Object item : items) {
            Object input = Arguments.plain(item);
            int number = branches.size() + 1;
            try {
                Json.write(input);
                branches.add(null, nameOf(input, number), Collections.singletonMap("input", input));
            } catch (IllegalArgumentException e) {
                throw wrong("inputs", "item " + number + " can't be handed to a process: " + e.getMessage());
            } catch (DuplicateNameException e) {
                throw new AssertionError("derived names are made unique", e);
            }
        }
        return branches.build();
    }

    private static String nameOf(Object input, int number) {
        boolean simple = input instanceof String || input instanceof Number || input instanceof Boolean;
        return simple ? input.toString() : "input " + number;
    }

    /** Registers the step. */
    @Extension
    public static final class DescriptorImpl extends BranchStepDescriptor {

        @Override
        public String getFunctionName() {
            return "cpuPool";
        }

        /** The choices of {@code affinity} in forms. */
        @Restricted(NoExternalUse.class)
        public ListBoxModel doFillAffinityItems() {
            return new ListBoxModel(new ListBoxModel.Option("none"), new ListBoxModel.Option("core"));
        }

        @Override
        public String getDisplayName() {
            return Messages.CpuPoolStep_DisplayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            Set<Class<?>> required = new java.util.LinkedHashSet<>(super.getRequiredContext());
            required.add(FilePath.class);
            required.add(Computer.class);
            return required;
        }
    }
}
