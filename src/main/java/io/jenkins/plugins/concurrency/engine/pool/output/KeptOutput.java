package io.jenkins.plugins.concurrency.engine.pool.output;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.mask.MaskedCopy;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the whole outputs of one command's last attempt.
 *
 * @param name the name of the files, without suffix
 * @param maxBytes the largest size of each file; 0 for no limit
 * @param log receives a line if an output can't be kept, with the reason
 */
record KeptOutput(KeptFolder folder, String name, SecretMask mask, long maxBytes, FollowedStep log)
        implements OutputReader {

    @Override
    public void poll(Path stdout, Path stderr) {
        // the output is kept when it is complete
    }

    @Override
    public Map<String, Object> complete(Path stdout, Path stderr) {
        Map<String, Object> details = new LinkedHashMap<>();
        try {
            put(details, OutcomeDetail.STDOUT_FILE, keep(stdout, name + ".stdout.txt"));
            put(details, OutcomeDetail.STDERR_FILE, keep(stderr, name + ".stderr.txt"));
        } catch (IOException e) {
            // The command has done its work. It would be wrong to let it fail, and worse to repeat it.
            log.warn("[" + name + "] its output can't be kept: " + e.getMessage());
        }
        return details;
    }

    private static void put(Map<String, Object> details, String detail, @CheckForNull String file) {
        if (file != null) {
            details.put(detail, file);
        }
    }

    /**
     * Keeps one output.
     *
     * @return the name of the artifact; {@code null} if the output is empty
     */
    @CheckForNull
    private String keep(Path output, String fileName) throws IOException {
        Path kept = folder.directory().resolve(fileName);
        if (!Files.exists(output) || Files.size(output) == 0) {
            Files.deleteIfExists(kept); // from an earlier attempt
            return null;
        }
        Files.createDirectories(folder.directory());
        cut(output);
        if (mask == SecretMask.NONE) {
            Files.move(output, kept, StandardCopyOption.REPLACE_EXISTING);
        } else {
            try (InputStream in = Files.newInputStream(output);
                    OutputStream out = Files.newOutputStream(kept)) {
                MaskedCopy.copy(in, out, mask);
            } catch (IOException e) {
                Files.deleteIfExists(kept);
                throw e;
            }
        }
        return folder.nameOf(fileName);
    }

    /**
     * Cuts off what is beyond the limit. A command can write it between two checks of the size, and while it is asked
     * to end.
     */
    private void cut(Path output) throws IOException {
        if (maxBytes > 0 && Files.size(output) > maxBytes) {
            try (FileChannel channel = FileChannel.open(output, StandardOpenOption.WRITE)) {
                channel.truncate(maxBytes);
            }
        }
    }
}
