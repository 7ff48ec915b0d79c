package io.jenkins.plugins.concurrency.engine.pool.output;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes the readers of the outputs of a run's commands, as the options require. Results contain the ends without them.
 * Thread-safe.
 */
public final class BranchOutputs implements Closeable {

    private static final int MAX_NAME = 60;

    private final OutputOptions options;
    private final KeptFolder folder;
    private final SecretMask mask;
    private final FollowedStep lines;

    /**
     * @param root the folder for kept outputs
     * @param sink receives the lines to show, one after the other, without line breaks and without secrets
     */
    public BranchOutputs(OutputOptions options, String runId, Path root, SecretMask mask, Consumer<String> sink) {
        this.options = options;
        this.folder = options.keepAs() == null ? null : KeptFolder.of(root, mask.text(options.keepAs()), runId);
        this.mask = mask;
        this.lines = new FollowedStep(sink);
    }

    /** The reader of the outputs of a branch's next attempt. */
    public OutputReader of(PoolBranch branch) {
        if (!options.isRead()) {
            return OutputReader.NONE;
        }
        String name = mask.text(branch.name());
        List<OutputReader> readers = new ArrayList<>();
        if (options.follow()) {
            readers.add(new FollowedBranch(shown(name), mask, lines));
        }
        if (folder != null) {
            String file = KeptFolder.fileName(branch.index(), name);
            readers.add(new KeptOutput(folder, file, mask, options.maxBytes(), lines));
        }
        return readers.size() == 1 ? readers.get(0) : new Both(readers);
    }

    private static String shown(String name) {
        String line = name.replaceAll("\\s+", " ");
        return line.length() <= MAX_NAME ? line : line.substring(0, MAX_NAME) + "…";
    }

    /** Reports the lines that are left out and not reported yet. */
    @Override
    public void close() {
        lines.close();
    }

    private record Both(List<OutputReader> readers) implements OutputReader {

        @Override
        public void poll(Path stdout, Path stderr) {
            readers.forEach(reader -> reader.poll(stdout, stderr));
        }

        @Override
        public Map<String, Object> complete(Path stdout, Path stderr) {
            Map<String, Object> details = new LinkedHashMap<>();
            readers.forEach(reader -> details.putAll(reader.complete(stdout, stderr)));
            return details;
        }
    }
}
