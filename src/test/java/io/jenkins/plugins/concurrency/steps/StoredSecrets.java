package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks into files for what must not be there. */
public final class StoredSecrets {

    private StoredSecrets() {}

    /** Fails if a file in a directory, which may change meanwhile, has one of the secrets. */
    public static void assertNoneIn(Path directory, List<String> secrets) throws IOException {
        assertNoneIn(directory, secrets, Set.of());
    }

    /** @param leaveOut names of files that may have them */
    public static void assertNoneIn(Path directory, List<String> secrets, Set<String> leaveOut) throws IOException {
        List<String> found = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && !leaveOut.contains(file.getFileName().toString())) {
                    String text = text(file);
                    secrets.stream().filter(text::contains).forEach(secret -> found.add(file + " has " + secret));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException && !file.equals(directory)) {
                    return FileVisitResult.CONTINUE; // Jenkins lives, and its temporary files come and go
                }
                throw e;
            }
        });
        assertEquals(List.of(), found);
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return ""; // a temporary file that was renamed meanwhile
        }
    }
}
