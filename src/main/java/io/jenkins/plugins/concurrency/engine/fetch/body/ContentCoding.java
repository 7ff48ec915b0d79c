package io.jenkins.plugins.concurrency.engine.fetch.body;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The compression of a body in transfer. */
public enum ContentCoding {
    GZIP,
    DEFLATE;

    /** The usual value of {@code Accept-Encoding}. */
    public static final String ACCEPTED = "gzip, deflate";

    /** The value of {@code Accept-Encoding} if the body must not be compressed. */
    public static final String NONE = "identity";

    /** The most codings of one body. More of them, one around the other, have no use. */
    private static final int MAX_CODINGS = 5;

    /**
     * Codings that were not asked for and make a body unreadable. Other unknown codings say little about the content.
     */
    private static final Set<String> UNREADABLE = Set.of("br", "zstd", "compress", "x-compress", "dcb", "dcz");

    /** Extensions of compressed files. */
    private static final Map<String, Set<String>> SUFFIXES = Map.of(
            "gzip", Set.of("gz", "gzip", "tgz", "taz", "svgz", "emz", "wmz", "vgz"),
            "compress", Set.of("z", "taz"),
            "br", Set.of("br"),
            "zstd", Set.of("zst", "zstd", "tzst"));

    private static final Map<String, Set<String>> TYPES = Map.of(
            "gzip",
            Set.of("application/gzip", "application/x-gzip", "application/x-tgz", "application/x-compressed-tar",
                    "application/x-gtar-compressed"),
            "compress", Set.of("application/x-compress"),
            "br", Set.of("application/x-brotli"),
            "zstd", Set.of("application/zstd", "application/x-zstd"));

    /**
     * The codings of a body, in the order in which they were applied.
     *
     * @param header the value of {@code Content-Encoding}; {@code null} if it is missing
     * @param own whether a coding belongs to the content itself, also outside of HTTP. If it is the first one, it is
     *     not undone
     * @throws ContentCodingException if one of them can't be undone
     */
    public static List<ContentCoding> of(@CheckForNull String header, Predicate<String> own) throws ContentCodingException {
        List<String> names = names(header);
        if (!names.isEmpty() && own.test(names.get(0))) {
            names.remove(0);
        }
        if (names.size() > MAX_CODINGS || names.stream().anyMatch(UNREADABLE::contains)) {
            throw ContentCodingException.unknown(String.join(", ", names));
        }
        return names.stream()
                .filter(name -> name.equals("gzip") || name.equals("deflate"))
                .map(name -> name.equals("gzip") ? GZIP : DEFLATE)
                .toList();
    }

    /** The codings that a header names, in lower case. */
    public static List<String> names(@CheckForNull String header) {
        List<String> names = new ArrayList<>();
        for (String name : header == null ? new String[0] : header.toLowerCase(Locale.ROOT).split(",")) {
            String coding = name.strip();
            if (!coding.isEmpty() && !coding.equals(NONE)) {
                names.add(coding.equals("x-gzip") || coding.equals("x-compress") ? coding.substring(2) : coding);
            }
        }
        return names;
    }

    /** Whether a file with this name has this compression: {@code a.tgz} has {@code gzip}. */
    public static boolean isOfName(String coding, String file) {
        int dot = file.lastIndexOf('.');
        String suffix = file.substring(dot + 1).toLowerCase(Locale.ROOT);
        return dot >= 0 && SUFFIXES.getOrDefault(coding, Set.of()).contains(suffix);
    }

    /** Whether a file with this name is compressed. */
    public static boolean isPacked(String file) {
        return SUFFIXES.keySet().stream().anyMatch(coding -> isOfName(coding, file));
    }

    /** Whether content of this type has this compression: {@code application/gzip} has {@code gzip}. */
    public static boolean isOfType(String coding, @CheckForNull String contentType) {
        String type = contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(coding, Set.of()).contains(type);
    }

    BodyInflater newInflation(boolean nested) {
        return new BodyInflater(this == GZIP ? new GzipFrame() : new DeflateFrame(), nested);
    }

    /**
     * The coding {@code deflate}: zlib's format, which has its own header and checksum (RFC 1950), or raw content,
     * which some servers send instead.
     */
    private static final class DeflateFrame implements BodyInflater.Frame {

        private static final int DEFLATED = 8;

        private boolean raw;

        @Override
        public boolean isRaw() {
            return raw;
        }

        @Override
        public boolean begins(ByteBuffer bytes) {
            // the first byte contains the method; raw content begins so only with a kind of block that is not in use
            raw = (bytes.get(bytes.position()) & 0x0f) != DEFLATED;
            return true;
        }

        @Override
        public void unpacked(ByteBuffer content) {
            // the inflater checks zlib's checksum
        }

        @Override
        public void follow(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public boolean beginsAgain() {
            return false;
        }

        @Override
        public boolean isWhole() {
            return true;
        }
    }
}
