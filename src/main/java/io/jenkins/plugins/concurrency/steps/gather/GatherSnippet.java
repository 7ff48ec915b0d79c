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

    /** Whether the snippet generator asks; to all others a closure is no part of the step's description. */
    static boolean isWanted() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        return request != null && request.getRequestURI().endsWith("/generateSnippet");
    }

    /** Whether the call that was generated last for the request takes a block. */
    static boolean hasBlock() {
        return Stapler.getCurrentRequest2().getAttribute(BLOCK) != null;
    }

    /**
     * @param names those of the branches, which a form has instead of a map
     * @param matrix whether there is a matrix, and so one closure behind the call
     * @param given all parameters but the branches
     * @param standard what they are where nothing was entered
     */
    static GatherSnippet of(Object names, boolean matrix, Map<String, Object> given, Map<String, Object> standard) {
        List<?> items = Arguments.items(names);
        Set<Object> shown = new LinkedHashSet<>(items == null || items.isEmpty() ? EXAMPLE : items);
        String branches = shown.stream()
                .map(name -> "    " + key(name.toString()) + ": {\n        // steps\n    }")
                .collect(Collectors.joining(",\n", "gather branches: [\n", "\n],"));
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("concurrency", given.get("concurrency")); // what the step is there for, and never without an argument
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

    /** Also after the generator has set the step's name. */
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
