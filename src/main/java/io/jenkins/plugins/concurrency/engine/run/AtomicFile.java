package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Small files that are there as a whole or not at all, whenever the process dies. */
public final class AtomicFile {

    private AtomicFile() {}

    /** As {@link #write(Path, String)}, a record that {@link RecordCodec#read} then reads. */
    public static void write(Path file, Record value) throws IOException {
        write(file, Json.write(RecordCodec.encode(value)));
    }

    /**
     * Writes a file, or puts another in its place; of several who do so at once, one is the last.
     *
     * @throws IOException if it can't be written; what was there stays
     */
    public static void write(Path file, String text) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + "." + System.nanoTime() + ".partial");
        try {
            Files.writeString(partial, text);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
