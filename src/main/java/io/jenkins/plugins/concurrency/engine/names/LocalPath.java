package io.jenkins.plugins.concurrency.engine.names;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths that this process can write. That depends on its locale: with the locale C, only ASCII. Thread-safe. */
public final class LocalPath {

    private static final String ENCODING = System.getProperty("sun.jnu.encoding", "UTF-8");

    private LocalPath() {}

    /** Whether the name of a file can have this character on this machine. */
    public static boolean canHave(int codePoint) {
        return codePoint < 128 || encoder().canEncode(Character.toString(codePoint));
    }

    /**
     * Whether names are in an encoding that has more than ASCII and is not UTF-8, as Latin-1. A JVM of Java 17 that is told
     * another ({@code file.encoding}) encodes directories and variables of processes that it starts by that one, so they
     * would not be the locale's. Windows has names as UTF-16, whatever this says.
     */
    public static boolean isOfAnotherEncoding() {
        Charset charset = Charset.forName(ENCODING);
        return File.separatorChar == '/'
                && !charset.equals(StandardCharsets.UTF_8)
                && !charset.equals(StandardCharsets.US_ASCII);
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
            return base.resolve(path);
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
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new IOException(problem(path, e), e);
        }
    }

    private static String problem(String path, InvalidPathException e) {
        if (path.codePoints().allMatch(LocalPath::canHave)) {
            return "'" + path + "' can't be a path here: " + e.getReason();
        }
        return "'" + path + "' has characters that file names can't have in this agent's locale (" + ENCODING
                + "); start the agent with a UTF-8 locale, such as LC_ALL=C.UTF-8";
    }
}
