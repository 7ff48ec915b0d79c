package io.jenkins.plugins.concurrency.engine.run.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and folders that only their owner can read, because commands, URLs and outputs may contain secrets. */
public final class PrivateFile {

    private PrivateFile() {}

    /** Creates the file, which nobody else can read from the first byte on; replaces an existing one. */
    public static OutputStream create(Path file) throws IOException {
        Files.deleteIfExists(file); // the permissions of one that is there would stay
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return Channels.newOutputStream(Files.newByteChannel(file, options, ownerOnly(file)));
    }

    /** Creates a folder with its parents; takes an existing one from others. */
    public static Path createFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (isPosix(folder)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        return folder;
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
