package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import hudson.util.EditDistance;
import java.beans.Introspector;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The parameters of a step class, by which the arguments of a call are looked at before Jenkins binds them: binding
 * itself only warns of an unknown name, and reports a wrong type with a stack trace.
 */
final class StepParameters {

    /** Names that steps, or tools that people know, have for much the same. */
    private static final List<List<String>> KINDRED = List.of(
            List.of("workers", "threads", "concurrency", "parallel", "parallelism", "maxParallel", "jobs", "processes"),
            List.of("retries", "retry", "attempts", "maxAttempts"),
            List.of("tasks", "commands", "branches"),
            List.of("inputs", "items"));

    private final String function;
    private final Map<String, Class<?>> types = new TreeMap<>();

    StepParameters(@NonNull String function, @NonNull Class<?> step) {
        this.function = function;
        Arrays.stream(step.getMethods())
                .filter(method -> method.isAnnotationPresent(DataBoundSetter.class))
                .forEach(setter -> types.put(nameOf(setter), setter.getParameterTypes()[0]));
    }

    /** The same without some of the parameters. */
    @NonNull
    StepParameters without(@NonNull Collection<String> names) {
        types.keySet().removeAll(names);
        return this;
    }

    private static String nameOf(Method setter) {
        return Introspector.decapitalize(setter.getName().substring("set".length()));
    }

    /** @throws WrongArgumentException if an argument is unknown or of a wrong type */
    void check(@NonNull Map<String, Object> arguments) throws WrongArgumentException {
        for (Map.Entry<String, Object> argument : arguments.entrySet()) {
            Class<?> type = types.get(argument.getKey());
            if (type == null) {
                boolean closure = argument.getValue() instanceof Closure;
                throw new WrongArgumentException(function, unknown(argument.getKey(), closure));
            }
            String allowed = allowedInsteadOf(argument.getValue(), type);
            if (allowed != null) {
                String given = Arguments.describe(argument.getValue());
                throw new WrongArgumentException(
                        function,
                        argument.getKey(),
                        given + " is given; allowed is " + allowed + Arguments.closureHint(argument.getValue()));
            }
        }
    }

    boolean has(@NonNull String name) {
        return types.containsKey(name);
    }

    /** What is wrong with an argument of this name. */
    @NonNull
    String unknown(@NonNull String name, boolean closure) {
        return "unknown parameter '" + name + "'" + (closure ? Arguments.CLOSURE_HINT : "; " + suggestion(name));
    }

    /** The parameter that was meant, as far as that can be told; otherwise all. */
    private String suggestion(String unknown) {
        Stream<String> sameKind = KINDRED.stream()
                .filter(kin -> kin.stream().anyMatch(unknown::equalsIgnoreCase))
                .flatMap(List::stream)
                .filter(types::containsKey);
        Stream<String> sameSpelling = types.keySet().stream()
                .filter(name -> distance(unknown, name) <= Math.max(1, name.length() / 3))
                .sorted(Comparator.comparingInt(name -> distance(unknown, name)));
        return Stream.concat(sameKind, sameSpelling)
                .findFirst()
                .map(name -> "did you mean '" + name + "'?")
                .orElseGet(() -> "valid are: " + String.join(", ", types.keySet()));
    }

    private static int distance(String one, String other) {
        return EditDistance.editDistance(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
    }

    /** What the parameter allows, or {@code null} if the value is one of these. */
    @CheckForNull
    private static String allowedInsteadOf(Object value, Class<?> type) {
        if (type == int.class || type == long.class) {
            return isWhole(value, type) ? null : "a whole number";
        }
        if (type == double.class) {
            return isNumber(value) ? null : "a number";
        }
        if (type == boolean.class) {
            String text = String.valueOf(value);
            return text.equals("true") || text.equals("false") ? null : "true or false";
        }
        if (type == String.class) {
            return value == null || value instanceof CharSequence ? null : "text";
        }
        if (type == Map.class) {
            return value == null || value instanceof Map ? null : "a map";
        }
        return null;
    }

    private static boolean isNumber(Object value) {
        try {
            new BigDecimal(String.valueOf(value).strip());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isWhole(Object value, Class<?> type) {
        try {
            BigDecimal number = new BigDecimal(String.valueOf(value).strip());
            long whole = number.longValueExact();
            return type == long.class || whole == (int) whole;
        } catch (ArithmeticException | NumberFormatException e) {
            return false;
        }
    }
}
