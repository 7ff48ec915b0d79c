package io.jenkins.plugins.concurrency.steps.gather;

import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * A call of {@code gather} in the snippet generator, with placeholders for closures. The generator does not support
 * closures as arguments. So they are part of the step's name, and only what follows them is an argument.
 */
final class GatherSnippet extends UninstantiatedDescribable {

    private static final long serialVersionUID = 1;

    private static final List<String> EXAMPLE = List.of("first", "second");

    private static final String BLOCK = GatherSnippet.class.getName();

    private final String begin;

    private GatherSnippet(String begin, Map<String, Object> arguments) {
        super(begin, null, arguments);
        this.begin = begin;
    }

    /** Whether the snippet generator asks. For all others, a closure is no part of the step's description. */
    static boolean isWanted() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        return request != null && request.getRequestURI().endsWith("/generateSnippet");
    }

    /** Whether the last call that was generated for this request has a block. */
    static boolean hasBlock() {
        return Stapler.getCurrentRequest2().getAttribute(BLOCK) != null;
    }

    /**
     * @param names the names of the branches; a form has these instead of a map
     * @param matrix whether there is a matrix, and so one closure after the call
     * @param given all parameters except the branches
     * @param standard the values of the parameters if nothing is entered
     */
    static GatherSnippet of(Object names, boolean matrix, Map<String, Object> given, Map<String, Object> standard) {
        List<?> items = Arguments.items(names);
        Set<Object> shown = new LinkedHashSet<>(items == null || items.isEmpty() ? EXAMPLE : items);
        String branches = shown.stream()
                .map(name -> "    " + key(name.toString()) + ": {\n        // steps\n    }")
                .collect(Collectors.joining(",\n", "gather branches: [\n", "\n],"));
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("concurrency", given.get("concurrency")); // the step's purpose; a call needs an argument
        given.forEach((name, value) -> {
            if (value != null && !value.equals(standard.get(name))) {
                arguments.put(name, value);
            }
        });
        if (matrix) {
            Stapler.getCurrentRequest2().setAttribute(BLOCK, true);
        }
        return new GatherSnippet(matrix ? GatherStep.DescriptorImpl.FUNCTION : branches, arguments);
    }

    private static String key(String name) {
        return SourceVersion.isName(name) && !name.contains(".")
                ? name
                : "'" + name.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    }

    /** The symbol stays, even if the generator has set the step's name. */
    @Override
    public String getSymbol() {
        return begin;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GatherSnippet snippet && snippet.begin.equals(begin) && super.equals(other);
    }

    @Override
    public int hashCode() {
        return begin.hashCode();
    }
}
