package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * How supervisors are to be.
 *
 * @param classPath the jars that they need
 * @param heapMib their heap, in MiB
 * @param archive the hash of the archive of classes that they use; {@code null} for none
 */
public record SupervisorSettings(@NonNull List<String> classPath, int heapMib, @CheckForNull String archive) {

    /** The heap of a supervisor unless somebody wants another, in MiB. */
    public static final int HEAP_MIB = 256;

    public SupervisorSettings {
        classPath = List.copyOf(classPath);
    }

    /** The usual ones. */
    @NonNull
    public static SupervisorSettings standard(@NonNull List<String> classPath) {
        return new SupervisorSettings(classPath, HEAP_MIB, null);
    }
}
