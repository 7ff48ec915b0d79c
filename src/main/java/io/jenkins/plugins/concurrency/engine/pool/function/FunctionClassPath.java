package io.jenkins.plugins.concurrency.engine.pool.function;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The class path that a function asks for. */
final class FunctionClassPath {

    private static final String ALL_JARS = "*";

    private FunctionClassPath() {}

    /**
     * Its files.
     *
     * @param entries jars, folders of classes, and {@code folder/*} for all jars of a folder, relative to the working
     *     directory
     * @throws IOException if one is not there, in one line
     */
    static List<URL> of(List<?> entries) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Object entry : entries) {
            String path = entry.toString();
            if (path.equals(ALL_JARS) || path.endsWith("/" + ALL_JARS)) {
                Path folder = Path.of(path.substring(0, path.length() - ALL_JARS.length())).toAbsolutePath();
                for (Path jar : jarsOf(folder, path)) {
                    urls.add(jar.toUri().toURL());
                }
            } else {
                urls.add(existing(Path.of(path).toAbsolutePath(), path).toUri().toURL());
            }
        }
        return urls;
    }

    private static List<Path> jarsOf(Path folder, String entry) throws IOException {
        try (Stream<Path> files = Files.list(existing(folder, entry))) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static Path existing(Path file, String entry) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("the class path's '" + entry + "' is not there");
        }
        return file;
    }
}
