package io.jenkins.plugins.concurrency.engine.run.file;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that exists completely or not at all, whenever the process dies: it is written under another name beside its
 * place, and then renamed. What is not committed is removed when this is closed. What a killed writer has left goes with
 * the next one. For files of one writer at a time; {@link #write} is for several.
 */
public final class AtomicFile implements Closeable {

    private static final String PARTIAL = ".partial";

    private final Path file;
    private final Path partial;

    private AtomicFile(Path file, Path partial) {
        this.file = file;
        this.partial = partial;
    }

    /** @throws IOException if what a killed writer has left can't be removed */
    public static AtomicFile of(Path file) throws IOException {
        AtomicFile made = new AtomicFile(file, file.resolveSibling(file.getFileName() + PARTIAL));
        made.close();
        return made;
    }

    /** Where to write. */
    public Path partial() {
        return partial;
    }

    /**
     * Gives the file its name, in the place of another.
     *
     * @throws IOException if that can't be; what was there stays
     */
    public void commit() throws IOException {
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(partial);
    }

    /** Removes a file that has one writer at a time, and what a killed writer has left of it. */
    public static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        of(file);
    }

    /** Writes a file that only its owner may read. */
    public static void writePrivate(Path file, byte[] content) throws IOException {
        try (AtomicFile whole = of(file)) {
            try (OutputStream out = PrivateFile.create(whole.partial)) {
                out.write(content);
            }
            whole.commit();
        }
    }

    /** As {@link #write(Path, String)}, for a record, which {@link RecordCodec#read} reads. */
    public static void write(Path file, Record value) throws IOException {
        write(file, Json.write(RecordCodec.encode(value)));
    }

    /**
     * Writes a file or replaces it. If several write at once, one of them is the last. Removes what a writer that was
     * killed has left.
     *
     * @throws IOException if it can't be written; the old file stays
     */
    public static void write(Path file, String text) throws IOException {
        String prefix = file.getFileName() + ".";
        while (!isWritten(new AtomicFile(file, file.resolveSibling(prefix + System.nanoTime() + PARTIAL)), text)) {
            // Another writer was faster, and took this one for dead.
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

    private static boolean isWritten(AtomicFile whole, String text) throws IOException {
        try (whole) {
            Files.write(whole.partial, text.getBytes(StandardCharsets.UTF_8));
            try {
                whole.commit();
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }
}
