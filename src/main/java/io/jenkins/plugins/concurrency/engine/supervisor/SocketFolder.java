package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A folder for sockets that only this user may enter; goes with this process. Thread-safe. */
final class SocketFolder {

    /** {@code null} until it is needed. Guarded by this. */
    private Path path;

    /**
     * The folder, which is made if it is not there, or not any more.
     *
     * @throws IOException if it can't be made
     */
    @NonNull
    synchronized Path path() throws IOException {
        if (path == null || !Files.isDirectory(path)) {
            path = Files.createTempDirectory(
                    "concurrency-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            path.toFile().deleteOnExit();
        }
        return path;
    }
}
