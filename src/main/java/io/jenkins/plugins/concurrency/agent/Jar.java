package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A jar, known by its content.
 *
 * @param file where it is
 * @param sha256 of its content, lower-case hexadecimal
 */
record Jar(@NonNull Path file, @NonNull String sha256) {

    private static final Pattern CACHE_NAME = Pattern.compile("[0-9a-f]{64}\\.jar");

    /** @throws IOException if the file can't be read */
    @NonNull
    static Jar of(@NonNull Path file) throws IOException {
        return new Jar(file, hash(file));
    }

    /** Its name in a cache; one content, one name. */
    @NonNull
    String cacheName() {
        return sha256 + ".jar";
    }

    /** Whether a file of a cache is a jar. */
    static boolean isCacheName(@NonNull String name) {
        return CACHE_NAME.matcher(name).matches();
    }

    private static String hash(@NonNull Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
