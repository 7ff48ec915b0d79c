package io.jenkins.plugins.concurrency.engine.fetch.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where a body is saved.
 *
 * @param name the name in results: relative to the base directory, separated by {@code /}
 * @param path the file
 * @param temporary a file beside it that grows while the body arrives
 * @param containment checks the directory of both files
 */
public record TargetFile(String name, Path path, Path temporary, DirectoryContainment containment) {

    /** Makes the temporary file, which is empty, and missing directories. */
    public FileChannel create() throws IOException {
        try {
            return createNew();
        } catch (NoSuchFileException e) {
            Files.createDirectories(path.getParent());
            return createNew();
        } catch (FileAlreadyExistsException e) {
            // left by a run that died, or a trap: never write to a link or a pipe
            Files.delete(temporary);
            return createNew();
        }
    }

    /** Opens the existing temporary file. */
    public FileChannel open() throws IOException {
        if (!Files.isRegularFile(temporary, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(temporary.toString());
        }
        return contained(FileChannel.open(temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    /** Renames the temporary file to {@link #path}, or to another file beside it. */
    public void commit(Path as) throws IOException {
        Files.move(temporary, as, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes the temporary file, if it exists. */
    public void discard() {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // the directory is gone, or we have no access to it: nothing more can be done
        }
    }

    private FileChannel createNew() throws IOException {
        FileChannel made = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            return contained(made);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /** Checks the directory again, after the file was opened. Since the plan was made, it may have become a link. */
    private FileChannel contained(FileChannel opened) throws IOException {
        boolean inside = false;
        try {
            inside = containment.holds(path.getParent());
        } finally {
            if (!inside) {
                opened.close();
            }
        }
        if (!inside) {
            throw new IOException("its directory is outside the workspace");
        }
        return opened;
    }
}
