package io.jenkins.plugins.concurrency.engine.fetch.destination;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mapping of each character beyond ASCII in a host name. {@code idna.txt} is generated from ICU's data, and a test
 * compares them. The JVM's own tables end with the Unicode of its version. Read when the first such name occurs.
 * Immutable.
 *
 * <p>A line is a range of code points and its mapping. {@code 370 >371} becomes another character. {@code AD >} is left
 * out. {@code 300..33F M jT NSM} is kept, with unusual properties: {@code M} a combining mark, {@code V} a virama,
 * {@code jT} the joining type, the bidirectional class. A code point in no line is not allowed.
 */
final class IdnaTable {

    /** The bidirectional class of characters whose line has none. */
    static final String LEFT_TO_RIGHT = "L";

    private static final Set<String> BIDI_CLASSES = Set.of("R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM");

    static final IdnaTable INSTANCE = read();

    /**
     * A range of characters.
     *
     * @param mapping what a character becomes; empty if it is left out, {@code null} if it stays
     * @param joining {@code L}, {@code R}, {@code D}, {@code T}, {@code C}, or {@code U} if it joins nothing
     */
    record Characters(
            int last,
            @CheckForNull String mapping,
            boolean isMark,
            boolean isVirama,
            String joining,
            String bidi) {}

    private final TreeMap<Integer, Characters> ranges = new TreeMap<>();

    private IdnaTable() {}

    /** @return {@code null} if the character is not allowed */
    @CheckForNull
    Characters find(int codePoint) {
        var range = ranges.floorEntry(codePoint);
        return range == null || range.getValue().last() < codePoint ? null : range.getValue();
    }

    private static IdnaTable read() {
        IdnaTable table = new IdnaTable();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                IdnaTable.class.getResourceAsStream("idna.txt"), StandardCharsets.US_ASCII))) {
            in.lines().filter(line -> !line.startsWith("#")).forEach(table::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private void add(String line) {
        String[] words = line.split(" ");
        String[] range = words[0].split("\\.\\.");
        int last = Integer.parseInt(range[range.length - 1], 16);
        ranges.put(Integer.parseInt(range[0], 16), characters(last, words));
    }

    private static Characters characters(int last, String[] words) {
        if (words.length > 1 && words[1].startsWith(">")) {
            words[1] = words[1].substring(1);
            String mapping = Stream.of(words)
                    .skip(1)
                    .filter(word -> !word.isEmpty())
                    .map(word -> Character.toString(Integer.parseInt(word, 16)))
                    .collect(Collectors.joining());
            return new Characters(last, mapping, false, false, "U", LEFT_TO_RIGHT);
        }
        Set<String> properties = Stream.of(words).skip(1).collect(Collectors.toSet());
        String bidi = BIDI_CLASSES.stream().filter(properties::contains).findAny().orElse(LEFT_TO_RIGHT);
        String joining = properties.stream()
                .filter(word -> word.startsWith("j"))
                .map(word -> word.substring(1))
                .findAny()
                .orElse("U");
        return new Characters(last, null, properties.contains("M"), properties.contains("V"), joining, bidi);
    }
}
