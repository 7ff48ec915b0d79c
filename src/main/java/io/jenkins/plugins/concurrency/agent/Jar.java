package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A jar on the controller, known by its content.
 *
 * @param file where it is
 * @param sha256 of its content, lower-case hexadecimal
 */
record Jar(@NonNull Path file, @NonNull String sha256) {

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

    @NonNull
    static String hash(@NonNull Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
