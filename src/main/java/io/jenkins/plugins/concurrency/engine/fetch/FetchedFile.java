package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A file that an earlier run has fetched. */
public final class FetchedFile {

    private FetchedFile() {}

    /**
     * Whether what was fetched is still there as it was: its file, if it has one, with the same size and hash. Blocks
     * while the file is read.
     */
    public static boolean isThere(FetchSettings settings, Outcome fetched) {
        if (!(fetched.details().get(Detail.PATH) instanceof String name)) {
            return true;
        }
        String base = settings.storage().base();
        if (base == null
                || !(fetched.details().get(Detail.BYTES) instanceof Number bytes)
                || !(fetched.details().get(Detail.SHA256) instanceof String sha256)) {
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
