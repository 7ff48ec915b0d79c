package io.jenkins.plugins.concurrency.engine.fetch.destination;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.IDNA;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.util.VersionInfo;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Test;

/** Host names beyond ASCII, held to ICU, which is too large for agents. */
public class IdnaTest {

    private static final IDNA ICU = IDNA.getUTS46Instance(
            IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

    /** What ICU reports of names that browsers and curl nevertheless take. */
    private static final Set<IDNA.Error> TAKEN = EnumSet.of(
            IDNA.Error.EMPTY_LABEL,
            IDNA.Error.LEADING_HYPHEN,
            IDNA.Error.TRAILING_HYPHEN,
            IDNA.Error.HYPHEN_3_4,
            IDNA.Error.DOMAIN_NAME_TOO_LONG);

    /** Of Java 17: characters that came later are in no JVM's normalization for certain. */
    private static final VersionInfo OLDEST = VersionInfo.getInstance(13);

    @Test
    public void namesLeadToTheirOwnHosts() {
        String[][] table = {
            {"faß.example", "xn--fa-hia.example"}, {"FAẞ.example", "xn--fa-hia.example"},
            {"βόλος.com", "xn--nxasmm1c.com"}, {"💩.test", "xn--ls8h.test"},
            {"bücher.example.", "xn--bcher-kva.example."}, {"BU\u0308CHER.example", "xn--bcher-kva.example"},
            {"ｅｘａｍｐｌｅ。ｏｒｇ", "example.org"}, {"exa\u00admple.org", "example.org"},
            {"نامه\u200cای.com", "xn--mgba3gch31f060k.com"}, {"ශ්\u200dරී.com", "xn--10cl1a0b660p.com"},
            {"xn--fa-hia.ü.example", "xn--fa-hia.xn--tda.example"}, {"my_höst", "xn--my_hst-zxa"},
        };
        for (String[] row : table) {
            assertEquals(row[0], row[1], Idna.toAscii(row[0]));
        }
    }

    @Test
    public void whatIsNoName() {
        String[] table = {
            "a\u200cb.ü", "ü a", "ü/a", "℀.example", "\u0308a.example", "xn--ü", "\ud83d", "\ufdd0a", "אa.example",
            "ü".repeat(64), "\u2488a.com\u0000"
        };
        for (String name : table) {
            assertThrows(name, IllegalArgumentException.class, () -> Idna.toAscii(name));
        }
    }

    /** {@code -Didna.write=FILE} writes the table anew, which a newer ICU asks for. */
    @Test
    public void theTableIsWhatIcuSays() throws Exception {
        String expected = table();
        if (System.getProperty("idna.write") != null) {
            Files.writeString(Path.of(System.getProperty("idna.write")), expected);
        }
        try (InputStream in = Idna.class.getResourceAsStream("idna.txt")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
            List<String> wanted = expected.lines().toList();
            for (int i = 0; i < Math.min(lines.size(), wanted.size()); i++) {
                assertEquals(wanted.get(i), lines.get(i));
            }
            assertEquals(wanted.size(), lines.size());
        }
    }

    @Test
    public void namesOfAllKindsAreReadAsByIcu() {
        Random random = new Random(46);
        int[] tricky = (".-_aA1zß\u03c2\u00ad\u200c\u200d\u0300\u0308\u0327\u0338\u094d\u0dca\u05d0\u0627\u0628\u0645"
                        + "\u0660\u06f1\u064b\u3002\uff21\uff0e\u1e9e\u2260\u226e\ud55c\u1112\u1161\u11ab\u0130\u0345\u2126")
                .codePoints()
                .toArray();
        for (int i = 0; i < 10_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = 1 + random.nextInt(8); length > 0; length--) {
                int any = random.nextInt(random.nextBoolean() ? 0x3000 : 0x20000);
                name.appendCodePoint(random.nextInt(3) == 0 ? any : tricky[random.nextInt(tricky.length)]);
            }
            String text = name.toString();
            if (text.chars().anyMatch(c -> c > 127) && text.codePoints().noneMatch(IdnaTest::isUncertain)) {
                assertEquals(hex(text), byIcu(text), byUs(text));
            }
        }
    }

    private static String byUs(String name) {
        try {
            return Idna.toAscii(name);
        } catch (IllegalArgumentException e) {
            return "refused";
        }
    }

    private static String byIcu(String name) {
        IDNA.Info info = new IDNA.Info();
        String ascii = ICU.nameToASCII(name, new StringBuilder(), info).toString();
        boolean plain = ascii.chars().allMatch(c -> c == '.' || c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z');
        return TAKEN.containsAll(info.getErrors()) && plain ? ascii : "refused";
    }

    private static String table() {
        List<String> lines = new ArrayList<>();
        lines.add("# Made by IdnaTest from ICU's data; Unicode " + UCharacter.getUnicodeVersion().getVersionString(2, 2) + ".");
        lines.add("# Data files copyright 1991-2026 Unicode, Inc., under https://www.unicode.org/license.txt");
        int start = 128;
        String before = line(start);
        for (int c = start + 1; c <= Character.MAX_CODE_POINT + 1; c++) {
            String now = c > Character.MAX_CODE_POINT ? "end" : line(c);
            if (!now.equals(before)) {
                if (!before.equals("no")) {
                    lines.add(range(start, c - 1) + before);
                }
                start = c;
                before = now;
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String range(int first, int last) {
        return Integer.toHexString(first).toUpperCase(Locale.ROOT)
                + (first == last ? "" : ".." + Integer.toHexString(last).toUpperCase(Locale.ROOT));
    }

    /** What stands behind the range. */
    private static String line(int c) {
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        String text = surrogate ? "" : Character.toString(c);
        String mapping = surrogate ? "\ufffd" : Mapping.UTS46.normalize(text);
        if (mapping.contains("\ufffd") || isUncertain(c) || mapping.codePoints().anyMatch(IdnaTest::isUncertain)) {
            return "no";
        }
        if (!mapping.equals(text)) {
            return " >" + hex(mapping);
        }
        StringBuilder properties = new StringBuilder();
        int mark = 1 << Character.NON_SPACING_MARK | 1 << Character.ENCLOSING_MARK | 1 << Character.COMBINING_SPACING_MARK;
        if ((1 << UCharacter.getType(c) & mark) != 0) {
            properties.append(" M");
        }
        if (UCharacter.getCombiningClass(c) == 9) {
            properties.append(" V");
        }
        String joining = name(UProperty.JOINING_TYPE, c);
        String bidi = name(UProperty.BIDI_CLASS, c);
        return properties + (joining.equals("U") ? "" : " j" + joining) + (bidi.equals("L") ? "" : " " + bidi);
    }

    private static String name(int property, int c) {
        return UCharacter.getPropertyValueName(
                property, UCharacter.getIntPropertyValue(c, property), UProperty.NameChoice.SHORT);
    }

    /** Whether a JVM that does not know the character would compose names with it differently. */
    private static boolean isUncertain(int c) {
        return UCharacter.getAge(c).compareTo(OLDEST) > 0 && !Mapping.NFC.isInert(c);
    }

    private static String hex(String text) {
        return text.codePoints()
                .mapToObj(c -> Integer.toHexString(c).toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    /** ICU's data. */
    private static final class Mapping {
        static final Normalizer2 UTS46 = Normalizer2.getInstance(null, "uts46", Normalizer2.Mode.COMPOSE);
        static final Normalizer2 NFC = Normalizer2.getNFCInstance();
    }
}
