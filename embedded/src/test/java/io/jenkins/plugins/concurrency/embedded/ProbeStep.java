package io.jenkins.plugins.concurrency.embedded;

import hudson.Extension;
import hudson.FilePath;
import hudson.model.Result;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousStepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code probe 'text', ...} returns what it was given as text, with the classes of the values. */
public final class ProbeStep extends Step {

    private final Map<String, Object> given = new TreeMap<>();

    /** Bound to the field itself. */
    @DataBoundSetter
    public int field;

    @DataBoundConstructor
    public ProbeStep(String text) {
        given.put("text", text);
    }

    @DataBoundSetter
    public void setAnything(Object value) {
        given.put("anything", value);
    }

    @DataBoundSetter
    public void setCount(int value) {
        given.put("count", value);
    }

    @DataBoundSetter
    public void setMillis(long value) {
        given.put("millis", value);
    }

    @DataBoundSetter
    public void setRatio(double value) {
        given.put("ratio", value);
    }

    @DataBoundSetter
    public void setLimit(Integer value) {
        given.put("limit", value);
    }

    @DataBoundSetter
    public void setFlag(boolean value) {
        given.put("flag", value);
    }

    @DataBoundSetter
    public void setNames(List<String> value) {
        given.put("names", value);
    }

    @DataBoundSetter
    public void setMap(Map<String, ?> value) {
        given.put("map", value);
    }

    @DataBoundSetter
    public void setUnit(TimeUnit value) {
        given.put("unit", value);
    }

    @DataBoundSetter
    public void setOutcome(Result value) {
        given.put("outcome", value);
    }

    @DataBoundSetter
    public void setRefused(String value) {
        throw new IllegalArgumentException("never good enough");
    }

    @Override
    public StepExecution start(StepContext context) {
        if (field != 0) {
            given.put("field", field);
        }
        String seen = given.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + show(entry.getValue()))
                .collect(Collectors.joining(" "));
        return new SynchronousStepExecution<String>(context) {
            private static final long serialVersionUID = 1L;

            @Override
            protected String run() {
                return seen;
            }
        };
    }

    private static String show(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(ProbeStep::show).collect(Collectors.joining(",", "[", "]"));
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> show(entry.getKey()) + ":" + show(entry.getValue()))
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return value == null ? "null" : value + "(" + value.getClass().getSimpleName() + ")";
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "probe";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }
    }

    /** {@code probeInNode()} needs a workspace. */
    public static final class InNode extends Step {

        @DataBoundConstructor
        public InNode() {}

        @Override
        public StepExecution start(StepContext context) {
            throw new AssertionError("started without its context");
        }

        @Extension
        public static final class DescriptorImpl extends StepDescriptor {
            @Override
            public String getFunctionName() {
                return "probeInNode";
            }

            @Override
            public Set<? extends Class<?>> getRequiredContext() {
                return Set.of(FilePath.class);
            }
        }
    }
}
