package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The environment of what a pool starts, told by what sets it apart from that of this process: what both have is handed
 * on byte by byte, in whatever encoding.
 *
 * @param changed variables that this process has not, or has with other values
 * @param withheld variables of this process that are not handed on
 */
public record TaskEnvironment(@NonNull Map<String, String> changed, @NonNull Set<String> withheld) {

    /** The same as that of this process. */
    public static final TaskEnvironment SAME = new TaskEnvironment(Map.of(), Set.of());

    /** What shells keep for themselves: of no use to others, and not the same in who is started by one. */
    private static final Set<String> OF_SHELLS = Set.of("PWD", "OLDPWD", "SHLVL", "_");

    /** An environment of just these variables. */
    @NonNull
    public static TaskEnvironment of(@NonNull Map<String, String> variables) {
        Map<String, String> own = System.getenv();
        Map<String, String> changed = new HashMap<>(variables);
        changed.entrySet().removeAll(own.entrySet());
        changed.keySet().removeAll(OF_SHELLS);
        Set<String> withheld = new HashSet<>(own.keySet());
        withheld.removeAll(variables.keySet());
        withheld.removeAll(OF_SHELLS);
        return new TaskEnvironment(changed, withheld);
    }

    /** This one without some variables, such as credentials of requests. */
    @NonNull
    public TaskEnvironment without(@NonNull Set<String> names) {
        Map<String, String> fewer = new HashMap<>(changed);
        fewer.keySet().removeAll(names);
        Set<String> more = new HashSet<>(withheld);
        more.addAll(names);
        return new TaskEnvironment(fewer, more);
    }

    /** @return {@code null} for a variable that is not set */
    @CheckForNull
    public String value(@NonNull String name) {
        String value = changed.get(name);
        return value != null || withheld.contains(name) ? value : System.getenv(name);
    }

    void prepare(@NonNull ProcessBuilder builder, @NonNull ProcessCookie... cookies) {
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(withheld);
        environment.putAll(changed);
        for (ProcessCookie cookie : cookies) {
            cookie.putInto(environment);
        }
    }
}
