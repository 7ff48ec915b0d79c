package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/** A call of {@code gather} as the snippet generator shows it, with closures that are still to be filled in. */
final class GatherSnippet {

    private static final List<String> EXAMPLE = List.of("first", "second");

    private GatherSnippet() {}

    /** @param step with the names of its branches instead of a map */
    @NonNull
    static String of(@NonNull GatherStep step) {
        List<?> items = Arguments.items(step.getBranches());
        Set<Object> names = new LinkedHashSet<>(items == null || items.isEmpty() ? EXAMPLE : items);
        String branches = names.stream()
                .map(name -> "    " + key(name.toString()) + ": {\n        // steps\n    }")
                .collect(Collectors.joining(",\n", "gather branches: [\n", "\n]"));
        Map<String, Object> standard = new GatherStep().parameters();
        return step.parameters().entrySet().stream()
                .filter(parameter -> parameter.getValue() != null
                        && !parameter.getValue().equals(standard.get(parameter.getKey())))
                .map(parameter -> ", " + parameter.getKey() + ": " + literal(parameter.getValue()))
                .collect(Collectors.joining("", branches, ""));
    }

    private static String key(String name) {
        return SourceVersion.isName(name) && !name.contains(".") ? name : literal(name);
    }

    private static String literal(Object value) {
        return value instanceof String text
                ? "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
                : value.toString();
    }
}
