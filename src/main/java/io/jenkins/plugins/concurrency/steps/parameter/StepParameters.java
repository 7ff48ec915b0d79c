package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import hudson.util.EditDistance;
import hudson.util.FormValidation;
import java.beans.Introspector;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The parameters of a step class, as its methods declare them. A call's arguments are checked against them before
 * Jenkins binds them: binding itself only warns of an unknown name, and reports a wrong type with a stack trace.
 */
public final class StepParameters {

    /** Names of similar parameters, in these steps or in tools that people know. */
    private static final List<List<String>> KINDRED = List.of(
            List.of("workers", "threads", "concurrency", "parallel", "parallelism", "maxParallel", "jobs", "processes"),
            List.of("retries", "retry", "attempts", "maxAttempts"),
            List.of("tasks", "commands", "branches"),
            List.of("inputs", "items"));

    private final String function;
    private final Map<String, Class<?>> types = new TreeMap<>();
    private final Map<String, Method> getters = new TreeMap<>();
    private final Map<String, Numbers> numbers = new TreeMap<>();

    public StepParameters(String function, Class<?> step) {
        this.function = function;
        Arrays.stream(step.getMethods())
                .filter(method -> method.isAnnotationPresent(DataBoundSetter.class))
                .forEach(setter -> types.put(nameOf(setter), setter.getParameterTypes()[0]));
        Arrays.stream(step.getMethods())
                .filter(method -> method.getParameterCount() == 0 && method.getName().matches("(get|is)[A-Z].*"))
                .filter(getter -> types.containsKey(nameOf(getter)))
                .forEach(getter -> getters.put(nameOf(getter), getter));
        getters.forEach((name, getter) -> numbers.put(name, Numbers.of(getter)));
        numbers.values().removeIf(Objects::isNull);
    }

    /** Removes some of the parameters. */
    public StepParameters without(Collection<String> names) {
        types.keySet().removeAll(names);
        return this;
    }

    private static String nameOf(Method accessor) {
        return Introspector.decapitalize(accessor.getName().replaceFirst("^(set|get|is)", ""));
    }

    /** The values of a step's parameters. Times are as they were given. */
    public Map<String, Object> values(Object step) {
        Map<String, Object> values = new TreeMap<>();
        getters.forEach((name, getter) -> {
            try {
                values.put(name, getter.invoke(step));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("can't read " + name + " of " + step, e);
            }
        });
        return values;
    }

    /** The same, but times are durations. Call after {@link #checkNumbers}. */
    public Map<String, Object> valuesWithTimes(Object step) {
        Map<String, Object> values = values(step);
        values.replaceAll((name, value) -> numbers.containsKey(name) && numbers.get(name).areTimes() ? Seconds.of(value) : value);
        return values;
    }

    /** @throws WrongArgumentException if a step has a number or a time that is not allowed */
    public void checkNumbers(Object step) throws WrongArgumentException {
        Map<String, Object> values = values(step);
        for (Map.Entry<String, Numbers> parameter : numbers.entrySet()) {
            String problem = parameter.getValue().problem(values.get(parameter.getKey()));
            if (problem != null) {
                throw new WrongArgumentException(function, parameter.getKey(), problem);
            }
        }
    }

    /** Which numbers or times a parameter allows; {@code null} if its values are something else. */
    @CheckForNull
    Numbers numbers(String name) {
        return numbers.get(name);
    }

    /** Which numbers, or times in seconds, are allowed, and which word instead of one (empty for none). */
    record Numbers(boolean areTimes, long least, long most, String word) {

        @CheckForNull
        private static Numbers of(Method getter) {
            AllowedValues allowed = getter.getAnnotation(AllowedValues.class);
            if (allowed != null) {
                return new Numbers(allowed.seconds(), allowed.least(), allowed.most(), allowed.word());
            }
            return isWhole(getter.getReturnType()) ? new Numbers(false, 0, Long.MAX_VALUE, "") : null;
        }

        @CheckForNull
        private String problem(Object given) {
            if (areTimes) {
                return Seconds.problem(given);
            }
            boolean right = isWhole(given, long.class)
                    ? Long.parseLong(given.toString()) >= least && Long.parseLong(given.toString()) <= most
                    : given.equals(word);
            return right
                    ? null
                    : (given instanceof Number ? given : Arguments.describe(given)) + " is given; allowed is " + least
                            + (most == Long.MAX_VALUE ? " or more" : " to " + most)
                            + (word.isEmpty() ? "" : " or '" + word + "'") + Arguments.closureHint(given);
        }

        /** Checks a value in a form. */
        FormValidation validate(@CheckForNull String text) {
            return areTimes ? FormChecks.seconds(text) : FormChecks.between(least, most, word, text);
        }
    }

    private static boolean isWhole(Class<?> type) {
        return type == int.class || type == long.class;
    }

    /** @throws WrongArgumentException if an argument is unknown or of a wrong type */
    public void check(Map<String, Object> arguments) throws WrongArgumentException {
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

    public boolean has(String name) {
        return types.containsKey(name);
    }

    /** The message about an unknown argument. */
    public String unknown(String name, boolean closure) {
        return "unknown parameter '" + name + "'" + (closure ? Arguments.CLOSURE_HINT : "; " + suggestion(name));
    }

    /** Suggests a similar parameter; if there is none, lists all. */
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

    /** What the parameter allows, for a message; {@code null} if the value is allowed. */
    @CheckForNull
    private static String allowedInsteadOf(@CheckForNull Object value, Class<?> type) {
        if (isWhole(type)) {
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
