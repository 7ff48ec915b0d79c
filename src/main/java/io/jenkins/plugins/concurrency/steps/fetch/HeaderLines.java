package io.jenkins.plugins.concurrency.steps.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Request headers in a form: {@code Name: value}, one a line. */
final class HeaderLines {

    private HeaderLines() {}

    /** What a script gives as it is; a text as a map from name to value if each line is a header, otherwise as it is. */
    static Object read(@CheckForNull Object given) {
        if (given == null) {
            return new LinkedHashMap<>();
        }
        if (!(given instanceof CharSequence)) {
            return given;
        }
        Map<String, Object> headers = new LinkedHashMap<>();
        for (Object line : Arguments.items(given)) {
            int colon = line.toString().indexOf(':');
            if (colon < 1) {
                return given.toString();
            }
            headers.put(line.toString().substring(0, colon).strip(), line.toString().substring(colon + 1).strip());
        }
        return headers;
    }

    /** The lines of a form. */
    static String lines(@CheckForNull Object headers) {
        if (headers instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(header -> header.getKey() + ": " + header.getValue())
                    .collect(Collectors.joining("\n"));
        }
        return headers == null ? "" : headers.toString();
    }
}
