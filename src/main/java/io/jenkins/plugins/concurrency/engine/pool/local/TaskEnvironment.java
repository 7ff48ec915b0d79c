package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.File;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment of a run's processes. This process's own environment is not added.
 *
 * @param variables by name; if the system ignores case in names, no two names differ only by case
 */
public record TaskEnvironment(Map<String, String> variables) {

    /** Variables that shells set for themselves. They are of no use to other processes. */
    private static final Set<String> OF_SHELLS = Set.of("PWD", "OLDPWD", "SHLVL", "_");

    public TaskEnvironment {
        Map<String, String> copy = File.separatorChar == '\\' ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        copy.putAll(variables);
        copy.keySet().removeAll(OF_SHELLS);
        variables = Collections.unmodifiableMap(copy);
    }

    /** The environment of this process. */
    public static TaskEnvironment ofThisProcess() {
        return new TaskEnvironment(System.getenv());
    }

    /** A copy without some variables, such as credentials of requests. */
    public TaskEnvironment without(Set<String> names) {
        Map<String, String> fewer = new TreeMap<>(variables);
        fewer.keySet().removeAll(names);
        return new TaskEnvironment(fewer);
    }

    /** @return {@code null} for a variable that is not set */
    @CheckForNull
    public String value(String name) {
        return variables.get(name);
    }

    void prepare(ProcessBuilder builder, ProcessCookie... cookies) {
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(variables);
        for (ProcessCookie cookie : cookies) {
            cookie.putInto(environment);
        }
    }
}
