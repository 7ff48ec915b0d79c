package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A folder of this machine. Follows no links: whoever writes there must not choose what is read. */
public record LocalFiles(Path directory) implements WorkerFiles {

    private static final Logger LOGGER = Logger.getLogger(LocalFiles.class.getName());

    @Override
    public String write(String name, String text) throws IOException {
        Files.createDirectories(directory);
        return Files.write(file(name), text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @Override
    public byte[] read(String name, int maxBytes) throws IOException {
        Path file = file(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException("'" + name + "' is no file in " + directory);
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new IOException("'" + name + "' has " + Files.size(file) + " bytes; " + maxBytes + " are allowed");
            }
            return bytes;
        }
    }

    @Override
    public Path local() {
        return directory;
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't remove " + name);
        }
    }

    /** @param given a name, or a path that begins as {@link #directory} does */
    private Path file(String given) throws IOException {
        String folder = directory + File.separator;
        String name = given.startsWith(folder) ? given.substring(folder.length()) : given;
        if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0) {
            throw new IOException("'" + given + "' is not the name of a file in " + directory);
        }
        return directory.resolve(name);
    }
}
