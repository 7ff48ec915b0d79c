package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.util.Set;

/**
 * The environment of what a pool starts: that of this process.
 *
 * @param withheld variables that are for this process alone, such as credentials of requests
 */
record TaskEnvironment(@NonNull Set<String> withheld) {

    static final TaskEnvironment WHOLE = new TaskEnvironment(Set.of());

    void prepare(@NonNull ProcessBuilder builder, @NonNull ProcessCookie... cookies) {
        builder.environment().keySet().removeAll(withheld);
        for (ProcessCookie cookie : cookies) {
            cookie.putInto(builder.environment());
        }
    }
}
