package io.jenkins.plugins.concurrency.engine.names;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Patterns of relative paths as Ant has them: {@code *} and {@code ?} within a segment, {@code **} for any number of
 * segments, several separated by commas; a pattern that ends in a slash means all below. Immutable.
 */
public final class PathPattern {

    private final Pattern regex;
    private final Set<String> roots = new TreeSet<>();

    /** @throws IllegalArgumentException if a pattern leads out of its directory, or there is none */
    public PathPattern(@NonNull String patterns) {
        StringBuilder any = new StringBuilder();
        for (String pattern : patterns.split(",")) {
            String normal = pattern.strip().replace('\\', '/');
            if (!normal.isEmpty()) {
                any.append(any.isEmpty() ? "" : "|").append(regex(checked(normal)));
                roots.add(root(normal));
            }
        }
        if (any.isEmpty()) {
            throw new IllegalArgumentException("there is no pattern in '" + patterns + "'");
        }
        this.regex = Pattern.compile(any.toString(), Pattern.DOTALL);
    }

    /** The segments before the first with a wildcard, the last one left out: it may be a file's. */
    private static String root(String pattern) {
        int wild = pattern.split("[*?]", 2)[0].lastIndexOf('/');
        return wild < 0 ? "" : pattern.substring(0, wild);
    }

    /** The folders below which all paths are that are meant; an empty one is all of them. */
    @NonNull
    public Set<String> roots() {
        return Collections.unmodifiableSet(roots);
    }

    private static String checked(String pattern) {
        if (PathText.leadsOut(pattern)) {
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
