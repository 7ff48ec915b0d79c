package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A file in which a JVM finds the classes of a class path made ready (class-data sharing), so that it starts with half
 * the work. It lies beside the jars, is made in the background by whoever has used them for a while, and is only ever
 * an advantage: a JVM that does not find it fit goes on without.
 *
 * @param file beside the jars; its name tells Java, jars and their times apart
 * @param classPath of the JVMs that use it
 */
public record ClassArchive(@NonNull Path file, @NonNull String classPath) {

    /** A machine that is gone after one build need not pay for it. */
    private static final Duration USED_FOR = Duration.ofSeconds(60);

    private static final Duration MAKING = Duration.ofMinutes(10);

    /** Tidied up with jars that were not copied completely, should it be left. */
    private static final String PARTIAL = ".partial";

    private static final String MAKE = "nice -n 19 \"$@\" && mv -f \"$PARTIAL\" \"$ARCHIVE\"; rm -f \"$PARTIAL\" \"$CLAIM\"";

    /**
     * The archive of a class path.
     *
     * @return nothing where there can't be one: with folders of classes, jars in several places, or without a POSIX shell
     */
    @NonNull
    public static Optional<ClassArchive> of(@NonNull String classPath) {
        try {
            List<Path> jars = new ArrayList<>();
            for (String entry : classPath.split(File.pathSeparator)) {
                jars.add(Path.of(entry));
            }
            Path folder = jars.get(0).getParent();
            boolean together = folder != null
                    && jars.stream().allMatch(jar -> folder.equals(jar.getParent()) && Files.isRegularFile(jar));
            if (!together || Shell.local() != Shell.POSIX || !Files.isWritable(folder)) {
                return Optional.empty();
            }
            return Optional.of(new ClassArchive(folder.resolve("classes-" + id(jars) + ".jsa"), classPath));
        } catch (IOException | NoSuchAlgorithmException e) {
            return Optional.empty();
        }
    }

    /** Of all that a JVM compares before it takes an archive. */
    private static String id(List<Path> jars) throws IOException, NoSuchAlgorithmException {
        StringBuilder text = new StringBuilder(System.getProperty("java.vm.version"))
                .append(System.getProperty("java.home"));
        for (Path jar : jars) {
            text.append('\n').append(jar).append(' ').append(Files.getLastModifiedTime(jar).toMillis());
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 16);
    }

    /** What a JVM with this class path is told, if the archive is there. */
    @NonNull
    public static List<String> options(@NonNull String classPath) {
        return of(classPath)
                .filter(archive -> Files.isRegularFile(archive.file))
                // What the JVM has to say of one that does not fit would stand among a worker's answers.
                .map(archive -> List.of("-XX:SharedArchiveFile=" + archive.file, "-Xshare:auto", "-Xlog:disable"))
                .orElse(List.of());
    }

    /**
     * Starts to make the archive, unless it is there, is being made, or its jars have only just been used for the first
     * time. Returns at once; nothing of this build's environment reaches the process.
     *
     * @param main the class that loads what others will need, and ends
     * @throws IOException if it can't be started
     */
    public void makeWhenWorthIt(@NonNull Class<?> main) throws IOException {
        if (Files.exists(file) || !isUsedForLong() || !claim()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", MAKE, "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + partial(), "-XX:+UseSerialGC", "-Xmx256m", "-Xlog:disable"));
        command.addAll(List.of("-cp", classPath, main.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(file.getParent().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("PARTIAL", partial().toString());
        builder.environment().put("ARCHIVE", file.toString());
        builder.environment().put("CLAIM", claimFile().toString());
        builder.start();
    }

    private boolean isUsedForLong() throws IOException {
        Path wanted = sibling(".wanted" + PARTIAL);
        try {
            Files.createFile(wanted);
            return false;
        } catch (FileAlreadyExistsException e) {
            return isOlder(wanted, USED_FOR);
        }
    }

    private boolean claim() throws IOException {
        try {
            Files.createFile(claimFile());
            return true;
        } catch (FileAlreadyExistsException e) {
            if (isOlder(claimFile(), MAKING)) {
                Files.deleteIfExists(claimFile()); // whoever comes next makes it
            }
            return false;
        }
    }

    private static boolean isOlder(Path file, Duration age) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(age));
    }

    private Path partial() {
        return sibling(PARTIAL);
    }

    private Path claimFile() {
        return sibling(".claim" + PARTIAL);
    }

    private Path sibling(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
