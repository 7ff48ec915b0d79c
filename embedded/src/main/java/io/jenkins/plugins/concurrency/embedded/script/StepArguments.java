package io.jenkins.plugins.concurrency.embedded.script;

import groovy.lang.Closure;
import groovy.lang.GString;
import hudson.AbortException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** The arguments of one call: by name, whichever way they were written, with the body apart. */
final class StepArguments {

    private final Map<String, Object> named;
    private final Closure<?> body;

    private StepArguments(Map<String, Object> named, Closure<?> body) {
        this.named = named;
        this.body = body;
    }

    Map<String, Object> named() {
        return named;
    }

    Closure<?> body() {
        return body;
    }

    /**
     * @param arguments as Groovy passes them: one map for named ones, single values otherwise
     * @throws AbortException if there are several unnamed ones, or one that no parameter is meant for
     */
    static StepArguments of(StepDescriptor descriptor, Object arguments) throws AbortException {
        List<Object> values = new ArrayList<>(Arrays.asList(InvokerHelper.asArray(arguments)));
        Closure<?> body = null;
        if (descriptor.takesImplicitBlockArgument()
                && !values.isEmpty()
                && values.get(values.size() - 1) instanceof Closure<?> last) {
            body = last;
            values.remove(values.size() - 1);
        }
        if (values.isEmpty()) {
            return new StepArguments(Map.of(), body);
        }
        if (values.size() > 1) {
            throw new AbortException(descriptor.getFunctionName() + ": expected named arguments but got "
                    + InvokerHelper.inspect(plain(values)));
        }
        return new StepArguments(named(descriptor, plain(values.get(0))), body);
    }

    private static Map<String, Object> named(StepDescriptor descriptor, Object single) throws AbortException {
        DescribableModel<?> model = DescribableModel.ofStep(descriptor);
        String sole = model == null ? null : model.soleParameter();
        boolean takesNothingElse = sole != null && model.parameterNames().size() == 1;
        if (single instanceof Map<?, ?> map && (!takesNothingElse || map.keySet().equals(model.parameterNames()))) {
            Map<String, Object> named = new LinkedHashMap<>();
            map.forEach((name, value) -> named.put(String.valueOf(name), value));
            return named;
        }
        if (sole == null) {
            throw new AbortException(descriptor.getFunctionName() + ": expected named arguments but got "
                    + InvokerHelper.inspect(single));
        }
        Map<String, Object> named = new LinkedHashMap<>();
        named.put(sole, single);
        return named;
    }

    /** The value with every GString in it, however deep, made a string. */
    private static Object plain(Object value) {
        if (value instanceof GString) {
            return value.toString();
        } else if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>(list.size());
            list.forEach(element -> plain.add(plain(element)));
            return plain;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> plain = new LinkedHashMap<>();
            map.forEach((key, element) -> plain.put(plain(key), plain(element)));
            return plain;
        }
        return value;
    }
}
