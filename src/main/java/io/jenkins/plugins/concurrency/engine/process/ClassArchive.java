package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A file with the prepared classes of a class path (class-data sharing). With it, a JVM starts in half the time. It is
 * beside the jars. A process that has used the jars for some time makes it in the background. It is never required: a
 * JVM that can't use it starts without it. It is used only if its hash has not changed since it was made.
 *
 * @param file beside the jars; its name is different for each Java, and for jars with other times or owners
 * @param classPath of the JVMs that use it
 */
public record ClassArchive(Path file, String classPath) {

    /** So a machine that exists for one build makes no archive. */
    private static final Duration USED_FOR = Duration.ofSeconds(60);

    private static final Duration MAKING = Duration.ofMinutes(10);

    /** A system property with owner and hash of a JVM's archive, for the JVMs that it starts. */
    private static final String HASH = "io.jenkins.plugins.concurrency.archive";

    private static final Logger LOGGER = Logger.getLogger(ClassArchive.class.getName());

    /** The hashes of archives that this process has made. */
    private static final Map<Path, String> MADE = new ConcurrentHashMap<>();

    /** If such a file is left, it is removed together with incomplete jars. */
    private static final String PARTIAL = ".partial";

    private static final String MAKE = "nice -n 19 \"$@\" && mv -f \"$PARTIAL\" \"$ARCHIVE\"; rm -f \"$PARTIAL\" \"$CLAIM\"";

    /**
     * The archive of a class path.
     *
     * @param owner who stores its hash, in letters and digits; archives of other owners are not touched
     * @return empty if there can't be one: with folders of classes, with jars in several folders, or without a POSIX
     *     shell
     */
    public static Optional<ClassArchive> of(String classPath, String owner) {
        try {
            List<Path> jars = new ArrayList<>();
            for (String entry : classPath.split(File.pathSeparator)) {
                jars.add(Path.of(entry));
            }
            Path folder = jars.get(0).getParent();
            boolean together = folder != null
                    && jars.stream().allMatch(jar -> folder.equals(jar.getParent()) && Files.isRegularFile(jar));
            if (!together || MachineShell.local() != MachineShell.POSIX || !Files.isWritable(folder)) {
                return Optional.empty();
            }
            return Optional.of(new ClassArchive(folder.resolve("classes-" + id(owner, jars) + ".jsa"), classPath));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A hash of the owner and of everything that a JVM compares before it uses an archive. */
    private static String id(String owner, List<Path> jars) throws IOException {
        StringBuilder text = new StringBuilder(owner).append(' ').append(System.getProperty("java.vm.version"))
                .append(System.getProperty("java.home"));
        for (Path jar : jars) {
            text.append('\n').append(jar).append(' ').append(Files.getLastModifiedTime(jar).toMillis());
        }
        return Sha256.of(text.toString()).substring(0, Sha256.DIGITS / 2);
    }

    /**
     * The hash of the archive, if it exists and was made here. Any other file in its place is deleted: whoever wrote it
     * could run code in the processes of other users.
     *
     * @param known the hash that is stored where the machine's users can't change it; {@code null} for none
     * @param adopts whether to accept an unknown archive
     * @return {@code null} if there is none
     * @throws IOException if it can't be read or deleted
     */
    @CheckForNull
    public String verified(@CheckForNull String known, boolean adopts) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            String hash = FileHash.cached(file);
            if (hash.equals(known) || hash.equals(MADE.get(file)) || adopts && known == null) {
                return hash;
            }
        }
        discard();
        return null;
    }

    /** Deletes the archive if there is one. */
    public void discard() throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * The options with which a JVM with this class path uses the archive with this hash; none if it does not exist.
     *
     * @param sha256 {@code null} for none
     */
    public static List<String> options(String classPath, String owner, @CheckForNull String sha256) {
        return of(classPath, owner)
                .filter(archive -> sha256 != null && archive.has(sha256))
                .map(archive -> List.of(
                        "-XX:SharedArchiveFile=" + archive.file,
                        "-Xshare:auto",
                        // Otherwise messages of the JVM about an archive that does not fit would be among a worker's
                        // answers.
                        "-Xlog:disable",
                        "-D" + HASH + "=" + owner + ":" + sha256))
                .orElse(List.of());
    }

    /** As {@link #options(String, String, String)}, with this JVM's own archive. */
    public static List<String> options(String classPath) {
        String[] known = System.getProperty(HASH, "").split(":");
        return known.length == 2 ? options(classPath, known[0], known[1]) : List.of();
    }

    private boolean has(String sha256) {
        try {
            return FileHash.cached(file).equals(sha256);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Starts a process that makes the archive, unless it exists, is being made, or its jars were first used only a
     * moment ago. Returns at once. That process gets nothing of this process' environment. From then on this process
     * knows the archive.
     *
     * @param main a class that loads the classes that others will need, and then ends
     * @throws IOException if it can't be started
     */
    public void createWhenUseful(Class<?> main) throws IOException {
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
        builder.start().onExit().thenAccept(maker -> made());
    }

    /** Whether this process has made it. */
    boolean isKnown() {
        return MADE.containsKey(file);
    }

    private void made() {
        try {
            MADE.put(file, FileHash.cached(file));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't make an archive of classes at " + file);
        }
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
                Files.deleteIfExists(claimFile()); // the next process makes it
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
