package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.names.PathPattern;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.TreeMap;
import jenkins.MasterToSlaveFileCallable;

/**
 * Lists the regular files of a directory that match a pattern: relative paths with slashes, each with a text that changes
 * when the file does. Links are not followed.
 */
public final class ListFiles extends MasterToSlaveFileCallable<TreeMap<String, String>> {

    private static final long serialVersionUID = 1;

    private final String pattern;

    /** @param pattern of a {@link PathPattern} */
    public ListFiles(@NonNull String pattern) {
        this.pattern = pattern;
    }

    @Override
    public TreeMap<String, String> invoke(File directory, VirtualChannel channel) throws IOException {
        PathPattern wanted = new PathPattern(pattern);
        Path root = directory.toPath();
        TreeMap<String, String> found = new TreeMap<>();
        for (String below : wanted.roots()) {
            list(root, root.resolve(below), wanted, found);
        }
        return found;
    }

    private static void list(Path root, Path below, PathPattern wanted, TreeMap<String, String> found)
            throws IOException {
        Files.walkFileTree(below, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = root.relativize(file).toString().replace(File.separatorChar, '/');
                if (attributes.isRegularFile() && wanted.matches(path)) {
                    found.put(path, attributes.size() + " " + attributes.lastModifiedTime());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // what is at work there removes files too
            }
        });
    }
}
