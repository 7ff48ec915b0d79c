package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small helpers on strings, files and spans of time. */
public class Util {

    private static final Pattern MACRO = Pattern.compile("\\$(\\$|[A-Za-z_][A-Za-z0-9_]*|\\{([A-Za-z_][A-Za-z0-9_.]*)})");

    private Util() {}

    public static @CheckForNull String fixEmpty(@CheckForNull String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    public static @CheckForNull String fixEmptyAndTrim(@CheckForNull String text) {
        return text == null ? null : fixEmpty(text.trim());
    }

    public static String fixNull(@CheckForNull String text) {
        return fixNull(text, "");
    }

    public static <T> T fixNull(@CheckForNull T value, T defaultValue) {
        return value == null ? defaultValue : value;
    }

    /** Replaces {@code $X} and <code>${X}</code> by the property's value, {@code $$} by a dollar sign. */
    public static @CheckForNull String replaceMacro(@CheckForNull String text, Map<String, String> properties) {
        if (text == null) {
            return null;
        }
        return MACRO.matcher(text).replaceAll(match -> Matcher.quoteReplacement(expansion(match.group(), properties)));
    }

    private static String expansion(String macro, Map<String, String> properties) {
        if (macro.equals("$$")) {
            return "$";
        }
        String name = macro.charAt(1) == '{' ? macro.substring(2, macro.length() - 1) : macro.substring(1);
        return fixNull(properties.get(name), macro);
    }

    /** A span of time for people, in its two largest units: {@code 3 min 5 sec}. */
    public static String getTimeSpanString(long millis) {
        long seconds = millis / 1000;
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (days > 0) {
            return days + (days == 1 ? " day " : " days ") + hours % 24 + " hr";
        } else if (hours > 0) {
            return hours + " hr " + minutes % 60 + " min";
        } else if (minutes > 0) {
            return minutes + " min " + seconds % 60 + " sec";
        } else if (seconds >= 10) {
            return seconds + " sec";
        } else if (seconds >= 1) {
            return seconds + "." + millis % 1000 / 100 + " sec";
        }
        return millis >= 100 ? "0." + millis / 10 + " sec" : millis + " ms";
    }

    /** Escapes text for HTML, line ends included. */
    public static @CheckForNull String escape(@CheckForNull String text) {
        return text == null ? null : xmlEscape(text).replace("\"", "&quot;").replace("'", "&#039;").replace("\n", "<br>");
    }

    public static String xmlEscape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    public static String toHexString(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** The MD5 digest of a text, which serves as an identifier and not as protection. */
    public static String getDigestOf(String text) {
        return digest("MD5", text);
    }

    private static String digest(String algorithm, String text) {
        try {
            return toHexString(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes a file, or a directory with all that is in it; links are deleted, not followed. */
    public static void deleteRecursive(File dir) throws IOException {
        Path root = dir.toPath();
        if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes what is in a directory and keeps the directory. */
    public static void deleteContentsRecursive(File dir) throws IOException {
        File[] children = dir.listFiles();
        if (children != null) {
            for (File child : children) {
                deleteRecursive(child);
            }
        }
    }

    public static String[] mapToEnv(Map<String, String> map) {
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);
    }

    /** Escapes all of a part of a URL's path but letters, digits and a few marks. */
    public static String rawEncode(String s) {
        return java.net.URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
