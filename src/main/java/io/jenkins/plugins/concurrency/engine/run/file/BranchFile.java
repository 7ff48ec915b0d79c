package io.jenkins.plugins.concurrency.engine.run.file;

import io.jenkins.plugins.concurrency.engine.journal.BranchPlaces;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntPredicate;

/** The file with a run's branches: written once as a whole, read as a stream. */
public final class BranchFile {

    @FunctionalInterface
    public interface Parser<B> {
        B parse(int index, JsonObject json) throws IOException;
    }

    private BranchFile() {}

    /** Writes the file under a temporary name and renames it when it is complete. */
    public static final class Writer implements Closeable {
        private final AtomicFile file;
        private final BufferedWriter out;
        private int count;

        /** @throws IOException if the file can't be made */
        public Writer(Path file) throws IOException {
            this.file = AtomicFile.of(file);
            // This writer replaces half of a surrogate pair. The one of Files would throw.
            this.out = new BufferedWriter(
                    new OutputStreamWriter(PrivateFile.create(this.file.partial()), StandardCharsets.UTF_8));
        }

        /**
         * Adds a branch. Its index is its position in the file.
         *
         * @throws IOException if it can't be written, or there are too many
         */
        public void add(Map<String, Object> branch) throws IOException {
            if (count == BranchPlaces.MAX_BRANCHES) {
                throw new IOException("more than " + BranchPlaces.MAX_BRANCHES + " branches");
            }
            out.write(Json.write(branch));
            out.write('\n');
            count++;
        }

        public int count() {
            return count;
        }

        /** Makes the file visible under its name. */
        public void commit() throws IOException {
            out.close();
            file.commit();
        }

        /** Removes what was written unless it was committed. */
        @Override
        public void close() throws IOException {
            try (file) {
                out.close();
            }
        }
    }

    /**
     * Counts the branches of a file.
     *
     * @throws IOException if it can't be read
     */
    public static int count(Path file) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int count = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                count++;
            }
            return count;
        }
    }

    /**
     * Opens a file.
     *
     * @param parser sees every branch in order
     * @param leaveOut the indexes of branches to skip
     * @throws IOException if it can't be opened
     */
    public static <B extends Branch> BranchSource<B> read(
            Path file, Parser<B> parser, IntPredicate leaveOut) throws IOException {
        BufferedReader in = Files.newBufferedReader(file);
        return new BranchSource<>() {
            private int index;

            @Override
            public B next() throws IOException {
                while (true) {
                    String line = in.readLine();
                    if (line == null) {
                        return null;
                    }
                    int current = index++;
                    // A skipped branch is parsed too: the file names of branches depend on the branches before them.
                    B branch = parser.parse(current, JsonObject.parse(line));
                    if (!leaveOut.test(current)) {
                        return branch;
                    }
                }
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }
}
