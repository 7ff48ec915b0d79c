package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How a body may be packed for its way. */
enum ContentCoding {
    GZIP,
    DEFLATE;

    /** What requests ask for, as {@code Accept-Encoding} has it. */
    static final String ACCEPTED = "gzip, deflate";

    /** Codings that nobody asked for and that make a body useless as it is. Others say little about the content. */
    private static final Set<String> UNREADABLE = Set.of("br", "zstd", "compress", "x-compress", "dcb", "dcz");

    /**
     * The coding of a body.
     *
     * @param header the value of {@code Content-Encoding}; {@code null} if it is missing
     * @return {@code null} for none
     * @throws CodingException if it can't be undone
     */
    @CheckForNull
    static ContentCoding of(@CheckForNull String header) throws CodingException {
        if (header == null) {
            return null;
        }
        List<String> codings = Arrays.stream(header.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
                .toList();
        if (codings.size() > 1 || codings.stream().anyMatch(UNREADABLE::contains)) {
            throw CodingException.unknown(String.join(", ", codings));
        }
        return switch (codings.isEmpty() ? "" : codings.get(0)) {
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default -> null;
        };
    }

    @NonNull
    Inflation newInflation() {
        return new Inflation(this == GZIP ? new GzipFrame() : new DeflateFrame());
    }
}
