package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Small files that are there as a whole or not at all, whenever the process dies. */
public final class AtomicFile {

    private AtomicFile() {}

    /**
     * Writes a file, or puts another in its place.
     *
     * @throws IOException if it can't be written; what was there stays
     */
    public static void write(@NonNull Path file, @NonNull String text) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.writeString(partial, text);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
