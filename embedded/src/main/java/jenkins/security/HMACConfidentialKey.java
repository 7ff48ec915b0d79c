package jenkins.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jenkins.model.Jenkins;

/** A key that only this Jenkins has, and what it says of messages. Here in a file of the home directory that only its user reads. */
public class HMACConfidentialKey {

    private static final String ALGORITHM = "HmacSHA256";

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final String id;

    public HMACConfidentialKey(Class owner, String shortName) {
        this.id = owner.getName() + '.' + shortName;
    }

    public byte[] mac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(), ALGORITHM));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] key() throws IOException {
        Path folder = Jenkins.get().getRootDir().toPath().resolve("secrets");
        Files.createDirectories(folder);
        Path file = folder.resolve(id);
        if (!Files.exists(file)) {
            byte[] key = new byte[32];
            new SecureRandom().nextBytes(key);
            // Whole at once, since another build may be about to do the same.
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            FileAttribute<?>[] attributes = posix ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
            Path partial = Files.createTempFile(folder, id, ".partial", attributes);
            Files.write(partial, key);
            try {
                Files.createLink(file, partial);
            } catch (FileAlreadyExistsException e) {
                // that one is as good
            } catch (IOException | UnsupportedOperationException e) {
                Files.move(partial, file); // a file system without hard links
            } finally {
                Files.deleteIfExists(partial);
            }
        }
        return Files.readAllBytes(file);
    }
}
