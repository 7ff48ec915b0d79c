package io.jenkins.plugins.concurrency.agent.jars;

import io.jenkins.plugins.concurrency.engine.process.FileHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A jar, identified by its content.
 *
 * @param file where it is
 * @param sha256 of its content, lower-case hexadecimal
 */
public record HashedJar(Path file, String sha256) {

    private static final Pattern CACHE_NAME = Pattern.compile("[0-9a-f]{64}\\.jar");

    /** @throws IOException if the file can't be read */
    static HashedJar of(Path file) throws IOException {
        return new HashedJar(file, FileHash.of(file));
    }

    /** Its name in a cache. The same content has the same name. */
    public String cacheName() {
        return sha256 + ".jar";
    }

    /** Whether a file of a cache has such a name. */
    static boolean isCacheName(String name) {
        return CACHE_NAME.matcher(name).matches();
    }
}
