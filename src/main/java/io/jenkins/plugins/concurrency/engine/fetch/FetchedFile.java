package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A file that an earlier run has fetched. */
public final class FetchedFile {

    private static final int PIECE = 64 * 1024;

    private FetchedFile() {}

    /**
     * Whether what was fetched is still there as it was: its file, if it has one, with the same size and hash. Blocks
     * while the file is read.
     */
    public static boolean isThere(@NonNull FetchSettings settings, @NonNull Outcome fetched) {
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
                    && hash(file).equals(sha256);
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static String hash(Path path) throws IOException {
        Sha256 hash = new Sha256();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        try (FileChannel file = FileChannel.open(path)) {
            while (file.read(piece) >= 0) {
                hash.update(piece.flip());
                piece.clear();
            }
        }
        return hash.hex();
    }
}
