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
 * @param name as results show it: relative to the base directory, separated by {@code /}
 * @param path the file
 * @param temporary a file beside it that grows while the body arrives
 * @param containment checks the directory of both
 */
public record TargetFile(String name, Path path, Path temporary, DirectoryContainment containment) {

    /** Makes the temporary file, empty, and the directories that are missing. */
    public FileChannel create() throws IOException {
        try {
            return createNew();
        } catch (NoSuchFileException e) {
            Files.createDirectories(path.getParent());
            return createNew();
        } catch (FileAlreadyExistsException e) {
            // of a run that died, or a trap: never write to a link or a pipe
            Files.delete(temporary);
            return createNew();
        }
    }

    /** Opens the temporary file that is there. */
    public FileChannel open() throws IOException {
        if (!Files.isRegularFile(temporary, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(temporary.toString());
        }
        return contained(FileChannel.open(temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    /** Gives the temporary file its name, or another one beside it. */
    public void commit(Path as) throws IOException {
        Files.move(temporary, as, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes the temporary file, if it is there. */
    public void discard() {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // the directory is gone or closed to us: nothing left that could be done
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

    /** Looks once more, now that it is open: since the plan was made its directory may have become a link. */
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
