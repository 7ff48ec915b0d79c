package io.jenkins.plugins.concurrency.engine.names;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.regex.Pattern;

/**
 * Patterns of relative paths as Ant has them: {@code *} and {@code ?} within a segment, {@code **} for any number of
 * segments, several separated by commas; a pattern that ends in a slash means all below. Immutable.
 */
public final class PathPattern {

    private final Pattern regex;

    /** @throws IllegalArgumentException if a pattern leads out of its directory, or there is none */
    public PathPattern(@NonNull String patterns) {
        StringBuilder any = new StringBuilder();
        for (String pattern : patterns.split(",")) {
            String normal = pattern.strip().replace('\\', '/');
            if (!normal.isEmpty()) {
                any.append(any.isEmpty() ? "" : "|").append(regex(checked(normal)));
            }
        }
        if (any.isEmpty()) {
            throw new IllegalArgumentException("there is no pattern in '" + patterns + "'");
        }
        this.regex = Pattern.compile(any.toString(), Pattern.DOTALL);
    }

    private static String checked(String pattern) {
        if (pattern.startsWith("/") || pattern.matches("[A-Za-z]:.*") || ("/" + pattern + "/").contains("/../")) {
            throw new IllegalArgumentException("'" + pattern + "' leads out of the workspace");
        }
        return pattern.endsWith("/") ? pattern + "**" : pattern;
    }

    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); ) {
            if (pattern.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 3;
            } else if (pattern.startsWith("**", i)) {
                regex.append(".*");
                i += 2;
            } else {
                char c = pattern.charAt(i++);
                regex.append(c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    /** Whether a path, with slashes, is one of those that are meant. */
    public boolean matches(@NonNull String path) {
        return regex.matcher(path).matches();
    }
}
