package io.jenkins.plugins.concurrency.engine.names;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Paths that this process and the agent's own can write. That depends on the agent's locale: with the locale C, only
 * ASCII. Thread-safe.
 */
public final class LocalPath {

    /** The option that makes UTF-8 the default charset of a JVM. */
    public static final String UTF_8 = "-Dfile.encoding=UTF-8";

    /** The system property with the agent's encoding, for a JVM that it starts in another locale. */
    private static final String OF_AGENT = "io.jenkins.plugins.concurrency.names";

    private static final String ENCODING =
            System.getProperty(OF_AGENT, System.getProperty("sun.jnu.encoding", "UTF-8"));

    private LocalPath() {}

    /** The option of a JVM that has the same names of files as this one. */
    public static String jvmOption() {
        return "-D" + OF_AGENT + "=" + ENCODING;
    }

    /** Whether the name of a file can have this character on this machine. */
    public static boolean canHave(int codePoint) {
        return codePoint < 128 || encoder().canEncode(Character.toString(codePoint));
    }

    /**
     * {@link #UTF_8} for a JVM of this machine; none where names are in an encoding that has more than ASCII
     * and is not UTF-8, as Latin-1. With that option a JVM of Java 17 uses UTF-8 also for its variables, and for directories,
     * variables and arguments of processes that it starts, so they would not be the locale's. Windows has names as UTF-16,
     * whatever this says.
     */
    public static List<String> charsetOption() {
        Charset charset = Charset.forName(ENCODING);
        boolean another = File.separatorChar == '/'
                && !charset.equals(StandardCharsets.UTF_8)
                && !charset.equals(StandardCharsets.US_ASCII);
        return another ? List.of() : List.of(UTF_8);
    }

    private static CharsetEncoder encoder() {
        return Charset.forName(ENCODING).newEncoder();
    }

    /**
     * A path from outside, below a directory.
     *
     * @throws IllegalArgumentException if it is not possible on this machine, in one line
     */
    public static Path resolve(Path base, String path) {
        try {
            return base.resolve(possible(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(problem(path, e), e);
        }
    }

    /**
     * A path from outside.
     *
     * @throws IOException if it is not possible on this machine, in one line
     */
    public static Path of(String path) throws IOException {
        try {
            return Path.of(possible(path));
        } catch (InvalidPathException e) {
            throw new IOException(problem(path, e), e);
        }
    }

    private static String possible(String path) {
        if (File.separatorChar == '/' && !isPossible(path)) {
            throw new InvalidPathException(path, ENCODING);
        }
        return path;
    }

    private static boolean isPossible(String path) {
        return path.codePoints().allMatch(LocalPath::canHave);
    }

    private static String problem(String path, InvalidPathException e) {
        if (isPossible(path)) {
            return "'" + path + "' can't be a path here: " + e.getReason();
        }
        return "'" + path + "' has characters that file names can't have in this agent's locale (" + ENCODING
                + "); start the agent with a UTF-8 locale, such as LC_ALL=C.UTF-8";
    }
}
