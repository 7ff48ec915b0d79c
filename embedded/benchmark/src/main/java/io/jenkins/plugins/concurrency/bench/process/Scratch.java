package io.jenkins.plugins.concurrency.bench.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicInteger;

/** The bench's own temporary directory, below {@code TMPDIR}. Whoever made it deletes it. */
public final class Scratch {

    private final Path root;
    private final AtomicInteger made = new AtomicInteger();

    /** @throws IOException if the directory can't be made */
    public Scratch() throws IOException {
        String parent = System.getenv().getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir"));
        root = Files.createTempDirectory(Path.of(parent), "embedded-bench-").toRealPath();
    }

    /** The directory itself. */
    public Path root() {
        return root;
    }

    /** A new, empty directory whose name begins as given. */
    public Path directory(String prefix) throws IOException {
        return Files.createDirectory(file(prefix));
    }

    /** A name that nothing has yet. */
    public Path file(String prefix) {
        return root.resolve(prefix + "-" + made.incrementAndGet());
    }

    /** Removes the directory, and says so where that fails. */
    public void delete() {
        try {
            delete(root);
        } catch (IOException e) {
            System.err.println("embedded/bench: can't remove " + root + ": " + e);
        }
    }

    /** Removes a file or a directory with all that is in it, if it is there. */
    public static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
