package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFile;
import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFiles;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The target files of branches, for callers that make no attempt. */
public final class BranchTarget {

    private BranchTarget() {}

    /**
     * Removes the temporary file of a branch's body. An attempt removes its own file. This method is for branches whose
     * process died.
     *
     * @param branch a branch that has passed {@link UniqueFileNames}
     * @throws IOException if the file can't be removed
     */
    public static void removePartial(FetchSettings settings, String runId, FetchBranch branch) throws IOException {
        String base = settings.storage().base();
        if (base == null || branch.file() == null || branch.problem() != null) {
            return;
        }
        TargetFile target;
        try {
            target = new TargetFiles(Path.of(base), runId).target(branch.file(), branch.index());
        } catch (IllegalArgumentException e) {
            return; // no attempt can have made a file
        }
        Files.deleteIfExists(target.temporary());
    }

    /**
     * Whether the result of an earlier run is still valid. If it has a file, the file must be there with the same size
     * and hash. Blocks while the file is read.
     */
    public static boolean isUnchanged(FetchSettings settings, Outcome fetched) {
        if (!(fetched.details().get(OutcomeDetail.PATH) instanceof String name)) {
            return true;
        }
        String base = settings.storage().base();
        if (base == null
                || !(fetched.details().get(OutcomeDetail.BYTES) instanceof Number bytes)
                || !(fetched.details().get(OutcomeDetail.SHA256) instanceof String sha256)) {
            return false;
        }
        try {
            Path file = new TargetFiles(Path.of(base), "").target(name, fetched.index()).path();
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) == bytes.longValue()
                    && Sha256.ofFile(file, () -> false).equals(sha256);
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}
