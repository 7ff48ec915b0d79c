package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cells of a matrix, by the rules of GitHub Actions: all combinations of the values, without those that an
 * {@code exclude} matches, and then with what each {@code include} adds.
 */
public final class Matrix {

    /** The limit of cells. More are surely a mistake, and would fill the controller's memory. */
    static final int MAX_CELLS = 1_000_000;

    private final String step;
    private final Map<String, List<?>> values = new LinkedHashMap<>();

    private Matrix(String step) {
        this.step = step;
    }

    /**
     * Makes the cells. Each is a map from name to value.
     *
     * @param step the step's function name, for messages
     * @param matrix a map from name to list of values
     * @param exclude a list of maps, or {@code null}
     * @param include the same
     * @throws WrongArgumentException if an argument has another form, or if there are too many cells
     */
    public static List<Map<String, Object>> cells(
            String step, @CheckForNull Object matrix, @CheckForNull Object exclude, @CheckForNull Object include)
            throws WrongArgumentException {
        Matrix cells = new Matrix(step);
        cells.readValues(matrix);
        List<Map<String, Object>> excluded = cells.entries("exclude", exclude);
        for (Map<String, Object> entry : excluded) {
            for (String name : entry.keySet()) {
                if (!cells.values.containsKey(name)) {
                    throw new WrongArgumentException(step, "exclude", "'" + name + "' is not in the matrix");
                }
            }
        }
        List<Map<String, Object>> combinations = cells.combinations(excluded);
        return cells.with(cells.entries("include", include), combinations);
    }

    private void readValues(@CheckForNull Object matrix) throws WrongArgumentException {
        if (!(matrix instanceof Map<?, ?> map)) {
            if (matrix != null) {
                throw wrong("matrix", matrix, "a map from name to list of values");
            }
            return;
        }
        long count = map.isEmpty() ? 0 : 1;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            List<?> items = entry.getValue() instanceof CharSequence ? null : Arguments.items(entry.getValue());
            if (items == null) {
                throw wrong("matrix: " + name, entry.getValue(), "a list of values");
            }
            if (items.isEmpty()) {
                throw new WrongArgumentException(step, "matrix: " + name, "there are no values");
            }
            values.put(name, (List<?>) checked("matrix: " + name, items));
            count *= items.size();
            if (count > MAX_CELLS) {
                throw new WrongArgumentException(step, "matrix", "there are more than 1,000,000 combinations");
            }
        }
    }

    private List<Map<String, Object>> entries(String parameter, @CheckForNull Object given) throws WrongArgumentException {
        List<?> items = given == null ? List.of() : given instanceof CharSequence ? null : Arguments.items(given);
        if (items == null) {
            throw wrong(parameter, given, "a list of maps");
        }
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof Map<?, ?> map) || map.isEmpty()) {
                throw wrong(parameter, item, "a list of maps that are not empty");
            }
            checked(parameter, map);
            entries.add(Arguments.plainMap(map));
        }
        return entries;
    }

    /** The value with plain texts, if JSON can express it. */
    private Object checked(String parameter, Object value) throws WrongArgumentException {
        Object plain = Arguments.plain(value);
        try {
            Json.write(plain);
        } catch (IllegalArgumentException e) {
            throw new WrongArgumentException(step, parameter, e.getMessage());
        }
        return plain;
    }

    private WrongArgumentException wrong(String parameter, @CheckForNull Object given, String allowed) {
        return new WrongArgumentException(step, parameter, Arguments.describe(given) + " is given; allowed is " + allowed);
    }

    /** All combinations. The first name's values change slowest. */
    private List<Map<String, Object>> combinations(List<Map<String, Object>> excluded) {
        List<Map<String, Object>> combinations = new ArrayList<>();
        int[] chosen = new int[values.size()];
        List<List<?>> lists = List.copyOf(values.values());
        for (boolean more = !values.isEmpty(); more; more = advance(chosen, lists)) {
            Map<String, Object> combination = new LinkedHashMap<>();
            int number = 0;
            for (String name : values.keySet()) {
                combination.put(name, lists.get(number).get(chosen[number]));
                number++;
            }
            if (excluded.stream().noneMatch(entry -> isPartOf(combination, entry))) {
                combinations.add(combination);
            }
        }
        return combinations;
    }

    private static boolean advance(int[] chosen, List<List<?>> lists) {
        for (int number = chosen.length - 1; number >= 0; number--) {
            if (++chosen[number] < lists.get(number).size()) {
                return true;
            }
            chosen[number] = 0;
        }
        return false;
    }

    /**
     * Adds the entries of {@code include}. An entry adds its other values to each combination that has the entry's
     * values of the matrix. It may change what another entry has added. If there is no such combination, the entry
     * becomes a cell of its own, and no entry adds to that.
     */
    private List<Map<String, Object>> with(List<Map<String, Object>> included, List<Map<String, Object>> combinations) {
        List<Map<String, Object>> cells = new ArrayList<>(combinations);
        for (Map<String, Object> entry : included) {
            Map<String, Object> original = new LinkedHashMap<>(entry);
            original.keySet().retainAll(values.keySet());
            Map<String, Object> added = new LinkedHashMap<>(entry);
            added.keySet().removeAll(values.keySet());
            boolean isAdded = false;
            for (Map<String, Object> combination : combinations) {
                if (isPartOf(combination, original)) {
                    combination.putAll(added);
                    isAdded = true;
                }
            }
            if (!isAdded) {
                cells.add(entry);
            }
        }
        return cells;
    }

    /**
     * Whether a value equals the wanted one, or is a map with all that the wanted map has. A number equals its text.
     */
    private static boolean isPartOf(@CheckForNull Object value, @CheckForNull Object wanted) {
        if (value instanceof Map<?, ?> map && wanted instanceof Map<?, ?> part) {
            return part.entrySet().stream().allMatch(
                    entry -> map.containsKey(entry.getKey()) && isPartOf(map.get(entry.getKey()), entry.getValue()));
        }
        return text(value).equals(text(wanted));
    }

    private static String text(@CheckForNull Object value) {
        if (value instanceof Number number) {
            return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        return value instanceof String text ? text : Json.write(value);
    }

    /**
     * Converts a matrix from a form to what a script would give. A form has a line for each name:
     * {@code os: linux, win}.
     *
     * @return {@code null} for an empty text; the value itself if it is no text
     */
    @CheckForNull
    public static Object ofLines(@CheckForNull Object given) {
        if (!(given instanceof CharSequence)) {
            return given;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Object line : Arguments.items(given)) {
            String[] parts = line.toString().split("\\s*[:=]\\s*", 2);
            values.put(parts[0], Arrays.stream(parts.length < 2 ? new String[0] : parts[1].split("\\s*,\\s*"))
                    .map(Matrix::value)
                    .toList());
        }
        return values.isEmpty() ? null : values;
    }

    /**
     * Does the same for {@code exclude} or {@code include}. A form has a line for each entry: {@code os: mac, jdk: 21}.
     */
    @CheckForNull
    public static Object entriesOfLines(@CheckForNull Object given) {
        if (!(given instanceof CharSequence)) {
            return given;
        }
        List<Object> entries = new ArrayList<>();
        for (Object line : Arguments.items(given)) {
            Map<String, Object> entry = new LinkedHashMap<>();
            for (String part : line.toString().split("\\s*,\\s*")) {
                String[] pair = part.split("\\s*[:=]\\s*", 2);
                entry.put(pair[0], value(pair.length < 2 ? "" : pair[1]));
            }
            entries.add(entry);
        }
        return entries.isEmpty() ? null : entries;
    }

    private static Object value(String text) {
        return text.matches("0|-?[1-9][0-9]{0,8}") ? (Object) Integer.valueOf(text) : text;
    }
}
