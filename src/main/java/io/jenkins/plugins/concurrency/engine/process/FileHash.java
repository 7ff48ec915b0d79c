package io.jenkins.plugins.concurrency.engine.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** SHA-256 of files, in lower-case hexadecimal. */
public final class FileHash {

    /** These change with the content of a file. The file's user can't set the time of the last change (ctime). */
    private static final String STAMP = "unix:ino,size,ctime";

    private record Known(Map<String, Object> stamp, String sha256) {}

    private static final Map<Path, Known> KNOWN = new ConcurrentHashMap<>();

    private FileHash() {}

    /**
     * Reads the file.
     *
     * @throws IOException if it can't be read
     */
    public static String of(Path file) throws IOException {
        return Sha256.ofFile(file, () -> false);
    }

    /**
     * Reads the file, unless it is unchanged since this process last read it.
     *
     * @throws IOException if it can't be read
     */
    public static String cached(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return of(file);
        }
        Map<String, Object> stamp = Files.readAttributes(file, STAMP);
        Known known = KNOWN.get(file);
        if (known == null || !known.stamp.equals(stamp)) {
            known = new Known(stamp, of(file)); // what changes meanwhile has another stamp afterwards
            KNOWN.put(file, known);
        }
        return known.sha256;
    }
}
