package io.jenkins.plugins.concurrency.engine.fetch.destination;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Converts host names beyond ASCII to their DNS form: UTS #46, non-transitional, with the checks of labels that
 * browsers and curl make. {@link java.net.IDN} is from 2003: it converts {@code ß} to {@code ss}, which is another
 * host, and does not know newer characters.
 */
public final class Idna {

    private static final int MAX_LABEL = 63;

    private static final Set<String> RIGHT_TO_LEFT = Set.of("R", "AL", "AN");
    private static final Set<String> IN_LEFT_TO_RIGHT = Set.of("L", "EN", "ES", "CS", "ET", "ON", "BN", "NSM");
    private static final Set<String> AT_END_OF_LEFT_TO_RIGHT = Set.of("L", "EN");
    private static final Set<String> IN_RIGHT_TO_LEFT =
            Set.of("R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM");
    private static final Set<String> AT_END_OF_RIGHT_TO_LEFT = Set.of("R", "AL", "EN", "AN");

    private static final String ENCODED = "xn--";
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private Idna() {}

    /**
     * The ASCII form of a host name. Names and labels that are ASCII already are only written in lower case.
     *
     * @throws IllegalArgumentException if it is no host name; the message says why
     */
    public static String toAscii(String host) {
        String[] labels = Normalizer.normalize(mapped(host), Normalizer.Form.NFC).split("\\.", -1);
        List<String> encoded = new ArrayList<>();
        boolean bidi = false;
        for (String label : labels) {
            bidi |= label.codePoints().anyMatch(c -> RIGHT_TO_LEFT.contains(bidiClass(c)));
        }
        for (String label : labels) {
            checkLetters(label);
            if (bidi && !label.startsWith(ENCODED)) {
                checkDirection(label);
            }
            encoded.add(encoded(label));
        }
        return String.join(".", encoded);
    }

    private static String mapped(String host) {
        StringBuilder mapped = new StringBuilder();
        host.codePoints().forEach(c -> {
            if (c < 128) {
                mapped.append((char) (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
                return;
            }
            String mapping = known(c).mapping();
            mapped.append(mapping == null ? Character.toString(c) : mapping);
        });
        return mapped.toString();
    }

    private static IdnaTable.Characters known(int codePoint) {
        IdnaTable.Characters characters = IdnaTable.INSTANCE.find(codePoint);
        if (characters == null) {
            throw notAllowed(codePoint);
        }
        return characters;
    }

    private static void checkLetters(String label) {
        int[] points = label.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            int c = points[i];
            boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
            if (c < 128 ? !plain : known(c).mapping() != null || i == 0 && known(c).isMark()) {
                throw notAllowed(c);
            }
            boolean joiner = c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER;
            boolean afterVirama = i > 0 && points[i - 1] >= 128 && known(points[i - 1]).isVirama();
            if (joiner && !afterVirama && !(c == ZERO_WIDTH_NON_JOINER && isBetweenJoined(points, i))) {
                throw notAllowed(c);
            }
        }
    }

    /** Whether the characters before and after a position would be joined (RFC 5892, A.1). */
    private static boolean isBetweenJoined(int[] points, int place) {
        int before = place - 1;
        while (before >= 0 && joining(points[before]).equals("T")) {
            before--;
        }
        int behind = place + 1;
        while (behind < points.length && joining(points[behind]).equals("T")) {
            behind++;
        }
        return before >= 0
                && behind < points.length
                && Set.of("L", "D").contains(joining(points[before]))
                && Set.of("R", "D").contains(joining(points[behind]));
    }

    /** Checks a label of a name that has letters written from right to left (RFC 5893, 2). */
    private static void checkDirection(String label) {
        if (label.isEmpty()) {
            return;
        }
        List<String> classes = label.codePoints().mapToObj(Idna::bidiClass).toList();
        int end = classes.size() - 1;
        while (end > 0 && classes.get(end).equals("NSM")) {
            end--;
        }
        String first = classes.get(0);
        boolean good;
        if (first.equals("L")) {
            good = IN_LEFT_TO_RIGHT.containsAll(classes) && AT_END_OF_LEFT_TO_RIGHT.contains(classes.get(end));
        } else {
            good = (first.equals("R") || first.equals("AL"))
                    && IN_RIGHT_TO_LEFT.containsAll(classes)
                    && AT_END_OF_RIGHT_TO_LEFT.contains(classes.get(end))
                    && !(classes.contains("EN") && classes.contains("AN"));
        }
        if (!good) {
            throw new IllegalArgumentException("its letters run in two directions in one part");
        }
    }

    private static String encoded(String label) {
        boolean ascii = label.chars().allMatch(c -> c < 128);
        if (!ascii && label.startsWith(ENCODED)) {
            throw new IllegalArgumentException("a part that begins with xn-- is not ASCII");
        }
        if (label.length() > MAX_LABEL) {
            throw tooLong();
        }
        String encoded = ascii ? label : ENCODED + Punycode.encode(label);
        if (encoded.length() > MAX_LABEL) {
            throw tooLong();
        }
        return encoded;
    }

    private static String joining(int codePoint) {
        return codePoint < 128 ? "U" : known(codePoint).joining();
    }

    private static String bidiClass(int codePoint) {
        if (codePoint >= 128) {
            return known(codePoint).bidi();
        }
        if (codePoint >= 'a' && codePoint <= 'z') {
            return IdnaTable.LEFT_TO_RIGHT;
        }
        return codePoint >= '0' && codePoint <= '9' ? "EN" : codePoint == '-' ? "ES" : "ON";
    }

    private static IllegalArgumentException notAllowed(int codePoint) {
        return new IllegalArgumentException(String.format("U+%04X is not allowed there", codePoint));
    }

    private static IllegalArgumentException tooLong() {
        return new IllegalArgumentException("a part is longer than " + MAX_LABEL + " letters in DNS");
    }
}
