package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.DependencyGraph;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads {@code needs}: for branches that wait for others, the names of these. */
public final class NeedsArgument {

    private static final String ALLOWED = "allowed is a map from a branch's name to the names that it needs";

    private NeedsArgument() {}

    /**
     * Converts lines of a form to what a script would give. A line is {@code deploy: web, api}.
     *
     * @return {@code null} if there is none
     */
    @CheckForNull
    public static Object listed(@CheckForNull Object given) {
        Object lines = Arguments.listed(given);
        if (!(given instanceof CharSequence) || lines == null) {
            return given instanceof Map<?, ?> map && map.isEmpty() ? null : lines;
        }
        Map<String, Object> needs = new LinkedHashMap<>();
        named(lines).forEach((name, needed) -> needs.put(
                name,
                Arrays.stream(needed.split(","))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .collect(Collectors.toCollection(ArrayList::new))));
        return needs;
    }

    /**
     * Converts lines that begin with a name to a map, such as {@code api: make api}. A line without a colon has an
     * empty text.
     */
    public static Map<String, String> named(Object lines) {
        Map<String, String> named = new LinkedHashMap<>();
        for (Object line : (List<?>) lines) {
            String[] parts = line.toString().split(":", 2);
            named.put(parts[0].strip(), parts.length == 1 ? "" : parts[1].strip());
        }
        return named;
    }

    /** Converts what {@link #listed} returned back to a form's text. */
    public static String lines(@CheckForNull Object given) {
        return given instanceof Map<?, ?> needs
                ? needs.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + names(entry.getValue()).stream().map(String::valueOf).collect(Collectors.joining(", ")))
                        .collect(Collectors.joining("\n"))
                : "";
    }

    private static List<?> names(@CheckForNull Object given) {
        List<?> items = given == null || given instanceof CharSequence ? null : Arguments.items(given);
        return items == null ? Collections.singletonList(given) : items;
    }

    /**
     * Which branches each branch waits for.
     *
     * @param names the names of all branches
     * @param wrong makes the exception for a problem
     * @return empty if no branch waits
     */
    public static List<BranchNeeds> of(
            @CheckForNull Object given, List<String> names, Function<String, WrongArgumentException> wrong)
            throws WrongArgumentException {
        if (given == null) {
            return List.of();
        }
        if (!(given instanceof Map<?, ?> map)) {
            throw wrong.apply(Arguments.describe(given) + " is given; " + ALLOWED);
        }
        Map<String, Integer> indexes = new HashMap<>();
        names.forEach(name -> indexes.put(name, indexes.size()));
        List<BranchNeeds> needs = new ArrayList<>(Collections.nCopies(names.size(), new BranchNeeds(List.of(), 0)));
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Integer branch = index(entry.getKey(), indexes, wrong);
            Set<Integer> needed = new LinkedHashSet<>();
            for (Object name : names(entry.getValue())) {
                if (!(name instanceof CharSequence || name instanceof Number)) { // numbers may be names, as in a matrix
                    throw wrong.apply("'" + names.get(branch) + "' needs " + Arguments.describe(name) + "; " + ALLOWED);
                }
                needed.add(index(name, indexes, wrong));
            }
            needs.set(branch, new BranchNeeds(List.copyOf(needed), 0));
        }
        List<Integer> circle = DependencyGraph.circle(needs);
        if (circle != null) {
            String way = circle.stream().skip(1).map(index -> "'" + names.get(index) + "', which needs ").collect(Collectors.joining());
            String first = names.get(circle.get(0));
            throw wrong.apply("'" + first + "' needs " + (way.isEmpty() ? "itself" : way + "'" + first + "'"));
        }
        return needs;
    }

    private static Integer index(
            @CheckForNull Object name, Map<String, Integer> indexes, Function<String, WrongArgumentException> wrong)
            throws WrongArgumentException {
        Integer index = indexes.get(String.valueOf(name));
        if (index == null) {
            throw wrong.apply("there is no branch '" + LogText.line(String.valueOf(name)) + "'");
        }
        return index;
    }
}
