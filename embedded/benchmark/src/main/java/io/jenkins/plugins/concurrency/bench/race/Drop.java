package io.jenkins.plugins.concurrency.bench.race;

import io.jenkins.plugins.concurrency.bench.process.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where files have to arrive, if files are wanted. */
public sealed interface Drop {

    /** Before each round. */
    void prepare() throws IOException;

    /** After each round; throws if something is missing. */
    void check() throws IOException;

    /** After each round, however it ended. */
    void empty() throws IOException;

    /** No files. */
    record Nowhere() implements Drop {
        @Override
        public void prepare() {}

        @Override
        public void check() {}

        @Override
        public void empty() {}
    }

    /**
     * A directory.
     *
     * @param directory made for each round
     * @param files how many have to be there
     * @param bytes the size of each
     */
    record Directory(Path directory, int files, long bytes) implements Drop {
        @Override
        public void prepare() throws IOException {
            Files.createDirectories(directory);
        }

        @Override
        public void check() throws IOException {
            try (Stream<Path> there = Files.list(directory)) {
                List<Path> all = there.toList();
                for (Path file : all) {
                    if (Files.size(file) != bytes) {
                        throw new IOException(file.getFileName() + " has " + Files.size(file) + " of " + bytes + " bytes");
                    }
                }
                if (all.size() != files) {
                    throw new IOException(all.size() + " of " + files + " files are there");
                }
            }
        }

        @Override
        public void empty() throws IOException {
            Scratch.delete(directory);
        }
    }
}
