package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file in which a branch's body grows. An attempt removes its own; this is for attempts whose process died. */
public final class PartialFile {

    private PartialFile() {}

    /**
     * Removes the file, if it is there.
     *
     * @param branch one that has passed {@link FileNames}
     * @throws IOException if it can't be removed
     */
    public static void remove(FetchSettings settings, String runId, FetchBranch branch) throws IOException {
        String base = settings.storage().base();
        if (base == null || branch.file() == null || branch.problem() != null) {
            return;
        }
        TargetFile target;
        try {
            target = new TargetFiles(Path.of(base), runId).target(branch.file(), branch.index());
        } catch (IllegalArgumentException e) {
            return; // no attempt got as far as a file
        }
        Files.deleteIfExists(target.temporary());
    }
}
