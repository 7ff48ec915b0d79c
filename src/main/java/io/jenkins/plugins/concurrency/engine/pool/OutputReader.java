package io.jenkins.plugins.concurrency.engine.pool;

import java.nio.file.Path;
import java.util.Map;

/** Reads the outputs of one script, on hosts that write them to files of this machine. Thread-safe. */
public interface OutputReader {

    /** Reads nothing. */
    OutputReader NONE = new OutputReader() {
        @Override
        public void poll(Path stdout, Path stderr) {
            // not of interest
        }

        @Override
        public Map<String, Object> complete(Path stdout, Path stderr) {
            return Map.of();
        }
    };

    /** The files may have grown. Called some times a second while the script runs, perhaps once after its end. Quick. */
    void poll(Path stdout, Path stderr);

    /**
     * The script has ended. Called once; the files are the caller's no longer, but for deleting what is left of them.
     *
     * @return what the branch's result has to say about them
     */
    Map<String, Object> complete(Path stdout, Path stderr);
}
