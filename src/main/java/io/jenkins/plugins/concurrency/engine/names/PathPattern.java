package io.jenkins.plugins.concurrency.engine.names;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collections;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Patterns of relative paths as Ant has them: {@code *} and {@code ?} within a segment, {@code **} for any number of
 * segments, several separated by commas; a pattern that ends in a slash means all below. As with Ant, what is in folders
 * of version control is meant only by a pattern that names them: others act on what they find there. Immutable.
 */
public final class PathPattern {

    private static final Pattern VERSION_CONTROL =
            Pattern.compile("(?:.*/)?(?:\\.git|\\.hg|\\.svn|\\.bzr|CVS)(?:/.*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final Pattern regex;

    /** Of those patterns that name a folder of version control; {@code null} if none does. */
    @CheckForNull
    private final Pattern controlled;

    private final Set<String> roots = new TreeSet<>();

    /** @throws IllegalArgumentException if a pattern leads out of its directory, or there is none */
    public PathPattern(String patterns) {
        StringJoiner any = new StringJoiner("|");
        StringJoiner named = new StringJoiner("|");
        for (String pattern : patterns.split(",")) {
            String normal = pattern.strip().replace('\\', '/');
            if (!normal.isEmpty()) {
                String regex = regex(checked(normal));
                any.add(regex);
                if (VERSION_CONTROL.matcher(normal).matches()) {
                    named.add(regex);
                }
                roots.add(root(normal));
            }
        }
        if (any.length() == 0) {
            throw new IllegalArgumentException("there is no pattern in '" + patterns + "'");
        }
        this.regex = Pattern.compile(any.toString(), Pattern.DOTALL);
        this.controlled = named.length() == 0 ? null : Pattern.compile(named.toString(), Pattern.DOTALL);
    }

    /** The segments before the first with a wildcard, the last one left out: it may be a file's. */
    private static String root(String pattern) {
        int wild = pattern.split("[*?]", 2)[0].lastIndexOf('/');
        return wild < 0 ? "" : pattern.substring(0, wild);
    }

    /** The folders below which all paths are that are meant; an empty one is all of them. */
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
    public boolean matches(String path) {
        Pattern meant = VERSION_CONTROL.matcher(path).matches() ? controlled : regex;
        return meant != null && meant.matcher(path).matches();
    }
}
