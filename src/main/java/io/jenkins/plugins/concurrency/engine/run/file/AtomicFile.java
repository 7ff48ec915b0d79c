package io.jenkins.plugins.concurrency.engine.run.file;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Small files that exist completely or not at all, whenever the process dies. */
public final class AtomicFile {

    private static final String PARTIAL = ".partial";

    private AtomicFile() {}

    /** As {@link #write(Path, String)}, a record that {@link RecordCodec#read} then reads. */
    public static void write(Path file, Record value) throws IOException {
        write(file, Json.write(RecordCodec.encode(value)));
    }

    /**
     * Writes a file, or puts another in its place; of several who do so at once, one is the last. What a writer that was
     * killed has left of it is removed.
     *
     * @throws IOException if it can't be written; what was there stays
     */
    public static void write(Path file, String text) throws IOException {
        String prefix = file.getFileName() + ".";
        while (!moved(file.resolveSibling(prefix + System.nanoTime() + PARTIAL), file, text)) {
            // Another writer, who was done meanwhile, has taken this one for dead.
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(file.toAbsolutePath().getParent(), path -> {
            String name = path.getFileName().toString();
            return name.startsWith(prefix) && name.endsWith(PARTIAL);
        })) {
            for (Path partial : left) {
                Files.deleteIfExists(partial);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // the next writer tries again
        }
    }

    private static boolean moved(Path partial, Path file, String text) throws IOException {
        try {
            Files.writeString(partial, text);
            try {
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
