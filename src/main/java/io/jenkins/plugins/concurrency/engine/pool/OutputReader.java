package io.jenkins.plugins.concurrency.engine.pool;

import java.nio.file.Path;
import java.util.Map;

/** Reads the outputs of one script, on hosts that write them to files of this machine. Thread-safe. */
public interface OutputReader {

    /** Reads nothing. */
    OutputReader NONE = new OutputReader() {
        @Override
        public void poll(Path stdout, Path stderr) {
            // nothing to do
        }

        @Override
        public Map<String, Object> complete(Path stdout, Path stderr) {
            return Map.of();
        }
    };

    /**
     * Called a few times a second while the script runs, and perhaps once after its end. The files may have grown. Must
     * be fast.
     */
    void poll(Path stdout, Path stderr);

    /**
     * Called once, when the script has ended. The reader may move the files away; the caller deletes those that are
     * left.
     *
     * @return the details that it adds to the branch's result
     */
    Map<String, Object> complete(Path stdout, Path stderr);
}
