package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.StepDefaults;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.nodes.StepCall;
import io.jenkins.plugins.concurrency.steps.BranchStep;
import io.jenkins.plugins.concurrency.steps.CallsExecution;
import io.jenkins.plugins.concurrency.steps.EarlierBuild;
import io.jenkins.plugins.concurrency.steps.StepLog;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.FormChecks;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.Matrix;
import io.jenkins.plugins.concurrency.steps.parameter.NeedsArgument;
import io.jenkins.plugins.concurrency.steps.parameter.StepForm;
import io.jenkins.plugins.concurrency.steps.parameter.StepParameters;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.cps.steps.ParallelStep;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** Runs Pipeline branches, a limited number at once, and collects their values and failures. */
public final class GatherStep extends BranchStep {

    private static final String BRANCHES = "branches";

    /** The name of the step that makes a stage. Its plugin may be missing. */
    private static final String STAGE = "stage";

    private Object branches = Map.of();
    private int concurrency;
    private Object matrix;
    private Object exclude;
    private Object include;
    private Object needs;

    @DataBoundConstructor
    public GatherStep() {
        super(0);
    }

    /**
     * A map from name to closure. From a form, the names, one on each line; only the snippet generator accepts these.
     */
    public Object getBranches() {
        return branches;
    }

    @DataBoundSetter
    public void setBranches(@CheckForNull Object branches) {
        this.branches = branches == null ? Map.of() : branches;
    }

    /** How many branches at once; 0 for all. */
    public int getConcurrency() {
        return concurrency;
    }

    @DataBoundSetter
    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    /** A map from name to list of values. The step's one closure gets each combination. */
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

    private boolean hasMatrix() {
        return matrix != null || include != null;
    }

    /** Which branches wait for others: a map from a branch's name to the names that it needs. */
    @CheckForNull
    public Object getNeeds() {
        return needs;
    }

    @DataBoundSetter
    public void setNeeds(@CheckForNull Object needs) {
        this.needs = NeedsArgument.listed(needs);
    }

    @Override
    protected StepExecution start(StepContext context, ContextSecrets secrets, LimitEnforcer capped) throws Exception {
        checkForm(context.hasBody());
        int live = (int) capped.open("concurrency", concurrency, 0);
        BranchSettings settings = policy(capped);
        List<Map<String, Object>> cells =
                hasMatrix() ? Matrix.cells(DescriptorImpl.FUNCTION, matrix, exclude, include) : List.of();
        Map<String, Closure<?>> closures = hasMatrix() ? GatherClosure.named(cells, GatherClosure.block()) : closures();
        List<BranchNeeds> wanted =
                NeedsArgument.of(needs, List.copyOf(closures.keySet()), problem -> wrong("needs", problem));
        StepLabel label = label().masked(secrets.mask());
        if (lacksStage(context.get(FlowNode.class)) && !closures.isEmpty()) {
            Map<String, Object> arguments = arguments();
            Object[] call = {arguments};
            if (hasMatrix()) {
                call = new Object[] {arguments, GatherClosure.block()};
            } else {
                arguments.put(BRANCHES, branches);
            }
            Closure<?> gather = StepCall.closure(context, DescriptorImpl.FUNCTION, call);
            return new CallsExecution(context, StepCall.closure(context, STAGE, label.text(), gather));
        }
        StepLog.logLimits(context, label, capped);
        List<String> names = UniqueNames.masked(List.copyOf(closures.keySet()), secrets.mask()::text);
        List<BranchNeeds> timed = EarlierBuild.timed(wanted, names, context.get(Run.class), label);
        UnfinishedBranches unfinished = new UnfinishedBranches(names, closures.values(), cells, timed);
        GatherSettings policy = new GatherSettings(settings, names.size());
        return new GatherExecution(context, label, policy, unfinished, live, timed);
    }

    private void checkForm(boolean hasBlock) throws WrongArgumentException {
        if (hasBlock && !hasMatrix()) {
            throw wrong("a closure without a name is given; allowed is a map from name to closure");
        }
        if (exclude != null && matrix == null) {
            throw wrong("exclude", "is given without 'matrix'");
        }
        if (hasMatrix() && !branches.equals(Map.of())) {
            throw wrong("'branches' and 'matrix' are both given");
        }
        if (hasMatrix() && !hasBlock) {
            throw wrong("matrix", "is given without a closure; write gather(matrix: ...) { cell -> ... }");
        }
    }

    /** All parameters except the branches. */
    private Map<String, Object> arguments() {
        Map<String, Object> arguments = parameters().values(this);
        arguments.remove(BRANCHES);
        return arguments;
    }

    private Map<String, Closure<?>> closures() throws WrongArgumentException {
        if (!(branches instanceof Map<?, ?> map)) {
            throw wrong("branches", Arguments.describe(branches) + " is given; allowed is a map from name to closure");
        }
        Map<String, Closure<?>> closures = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (!(entry.getValue() instanceof Closure<?> closure)) {
                String given = Arguments.describe(entry.getValue());
                throw wrong("branches", "'" + name + "' is " + given + "; allowed is a closure");
            }
            if (closures.put(name, closure) != null) {
                throw wrong("branches", "'" + name + "' is given twice; names must differ");
            }
        }
        return closures;
    }

    /**
     * Whether the step should open a stage for its branches. Each branch is in its own {@code parallel} step. Graph
     * views show those of one stage side by side.
     */
    private static boolean lacksStage(FlowNode step) {
        return !isDirectlyInStage(step) && StepDescriptor.byFunctionName(STAGE) != null;
    }

    private static boolean isDirectlyInStage(FlowNode step) {
        for (BlockStartNode block : step.iterateEnclosingBlocks()) {
            if (block.getAction(ThreadNameAction.class) != null) {
                return false;
            }
            if (STAGE.equals(block.getDisplayFunctionName())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Separates the branches of a call from its parameters. A call is
     * <code>gather branches: [a: { … }], concurrency: 2</code> or, in the form of {@code parallel},
     * <code>gather a: { … }, concurrency: 2</code> or <code>gather([a: { … }])</code>.
     *
     * @throws WrongArgumentException if an argument is neither a branch nor a parameter, or has a wrong type
     */
    private static GatherStep bind(Map<String, Object> arguments) throws WrongArgumentException {
        Map<String, Object> closures = new LinkedHashMap<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        arguments.forEach((name, value) -> (value instanceof Closure ? closures : parameters).put(name, value));
        if (!closures.isEmpty() && parameters.containsKey(BRANCHES)) {
            throw new WrongArgumentException(
                    DescriptorImpl.FUNCTION, "branches are given both in 'branches' and beside it; give them in one place");
        }
        new StepParameters(DescriptorImpl.FUNCTION, GatherStep.class).check(parameters);
        Object branches = closures.isEmpty() ? parameters.remove(BRANCHES) : closures;
        GatherStep step = (GatherStep) DescribableModel.of(GatherStep.class).instantiate(parameters);
        step.setBranches(branches);
        return step;
    }

    /**
     * The descriptor. It is a kind of {@code parallel}, because only for that may a step without a block have several
     * bodies.
     */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends ParallelStep.DescriptorImpl {

        /** The step's function name. */
        static final String FUNCTION = "gather";

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        public String getDisplayName() {
            return Messages.GatherStep_DisplayName();
        }

        @Override
        public Set<Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        /**
         * True, so that graph views show its bodies as blocks and not as steps. But for the snippet generator it is
         * false if the call has no block, because the generator would add one.
         */
        @Override
        public boolean takesImplicitBlockArgument() {
            return !GatherSnippet.isWanted() || GatherSnippet.hasBlock();
        }

        @Override
        public Step newInstance(Map<String, Object> arguments) {
            try {
                return bind(arguments);
            } catch (WrongArgumentException e) {
                GatherStep step = new GatherStep();
                step.refuse(e);
                return step;
            }
        }

        /** The values that forms show for empty fields. */
        public StepDefaults getDefaults() {
            return ConcurrencyConfiguration.get().getDefaults();
        }

        /** The choices for {@code onFailure} in forms. */
        public ListBoxModel doFillOnFailureItems() {
            return StepForm.onFailureItems();
        }

        /** The choices for {@code failFastMode} in forms. */
        public ListBoxModel doFillFailFastModeItems() {
            return StepForm.failFastModeItems();
        }

        @POST
        public FormValidation doCheckFailFast(@QueryParameter String value) {
            return StepForm.failFast(value);
        }

        @Override
        public FormValidation.CheckMethod getCheckMethod(String field) {
            return StepForm.checkMethod(this, field, super.getCheckMethod(field));
        }

        /** Checks a number or a time. The rest of the URL is the parameter's name. */
        @POST
        public FormValidation doCheckNumber(StaplerRequest2 request, @QueryParameter String value) {
            return StepForm.checkNumber(this, request, value);
        }

        @POST
        public FormValidation doCheckTimeout(@QueryParameter String value) {
            return FormChecks.seconds(value);
        }

        @Override
        public UninstantiatedDescribable uninstantiate(Step described) {
            if (GatherSnippet.isWanted()) {
                GatherStep step = (GatherStep) described;
                return GatherSnippet.of(step.branches, step.hasMatrix(), step.arguments(), new GatherStep().arguments());
            }
            throw new UnsupportedOperationException("closures can't be described");
        }
    }
}
