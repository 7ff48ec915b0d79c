package io.jenkins.plugins.concurrency.nodes;

import io.jenkins.plugins.concurrency.engine.fetch.file.RelativePath;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.tools.ant.types.selectors.TokenizedPath;
import org.apache.tools.ant.types.selectors.TokenizedPattern;

/**
 * Ant's patterns of relative paths, several separated by commas. Folders of version control match only a pattern that
 * names them, because other programs act on what they find there. Immutable.
 */
public final class PathPattern {

    private static final Pattern VERSION_CONTROL = Pattern.compile(
            "(?:.*[/\\\\])?(?:\\.git|\\.hg|\\.svn|\\.bzr|CVS)(?:[/\\\\].*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final List<TokenizedPattern> patterns = new ArrayList<>();

    /** @throws IllegalArgumentException if a pattern leads out of its directory, or there is no pattern */
    public PathPattern(String patterns) {
        for (String part : patterns.split(",")) {
            String pattern = part.strip().replace('\\', '/');
            if (RelativePath.leadsOut(pattern)) {
                throw new IllegalArgumentException("'" + pattern + "' leads out of the workspace");
            }
            if (!pattern.isEmpty()) {
                this.patterns.add(new TokenizedPattern(local(pattern.endsWith("/") ? pattern + "**" : pattern)));
            }
        }
        if (this.patterns.isEmpty()) {
            throw new IllegalArgumentException("there is no pattern in '" + patterns + "'");
        }
    }

    /** The folders that contain everything that can match; an empty path is the directory itself. */
    Set<String> roots() {
        return patterns.stream().map(TokenizedPattern::rtrimWildcardTokens).map(TokenizedPath::toString).collect(Collectors.toSet());
    }

    /** Whether a path with slashes matches. */
    boolean matches(String path) {
        TokenizedPath tokens = new TokenizedPath(local(path));
        boolean controlled = isControlled(path);
        return patterns.stream().anyMatch(pattern ->
                pattern.matchPath(tokens, true) && (!controlled || isControlled(pattern.getPattern())));
    }

    private static boolean isControlled(String path) {
        return VERSION_CONTROL.matcher(path).matches();
    }

    /** Ant expects the separator of the machine that it runs on. */
    private static String local(String path) {
        return path.replace('/', File.separatorChar);
    }
}
