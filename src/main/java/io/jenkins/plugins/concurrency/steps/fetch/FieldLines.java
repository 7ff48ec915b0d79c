package io.jenkins.plugins.concurrency.steps.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Headers and other fields in a form, one a line: {@code Name: value}, {@code name=value}. */
final class FieldLines {

    private FieldLines() {}

    /**
     * Converts the lines of a form to a map from name to value, or to a list of values if the name is repeated. If a
     * line is no field, the text stays a text. A value from a script is not changed.
     */
    static Object read(@CheckForNull Object given, char separator) {
        if (given == null) {
            return new LinkedHashMap<>();
        }
        if (!(given instanceof CharSequence)) {
            return given;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Object line : Arguments.items(given)) {
            int end = line.toString().indexOf(separator);
            if (end < 1) {
                return given.toString();
            }
            fields.merge(
                    line.toString().substring(0, end).strip(), line.toString().substring(end + 1).strip(), FieldLines::both);
        }
        return fields;
    }

    private static Object both(Object first, Object next) {
        List<Object> all = first instanceof List<?> several ? new ArrayList<>(several) : new ArrayList<>(List.of(first));
        all.add(next);
        return all;
    }

    /** Converts fields back to lines of a form. */
    static String lines(@CheckForNull Object fields, String separator) {
        if (!(fields instanceof Map<?, ?> map)) {
            return fields == null ? "" : fields.toString();
        }
        StringJoiner lines = new StringJoiner("\n");
        map.forEach((name, value) -> {
            for (Object one : value instanceof List<?> several ? several : Collections.singletonList(value)) {
                lines.add(name + separator + one);
            }
        });
        return lines.toString();
    }
}
