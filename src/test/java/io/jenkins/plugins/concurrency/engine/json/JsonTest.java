package io.jenkins.plugins.concurrency.engine.json;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class JsonTest {

    @Test
    public void valuesComeBackAsTheyWere() throws IOException {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a\"b\\c\n\u0000\u2028 ü \uD83D\uDE00");
        value.put("numbers", Arrays.asList(0, -1, Integer.MAX_VALUE, Long.MIN_VALUE, 0.1, 1e300));
        value.put("big", new BigInteger("123456789012345678901234567890"));
        value.put("flags", Arrays.asList(true, false, null));
        value.put("nested", Map.of("list", List.of(List.of(), Map.of())));
        assertEquals(value, Json.parse(Json.write(value)));
    }

    @Test
    public void decimalsAreWrittenExactly() {
        assertEquals("[0.1,1.25,0.1]", Json.write(List.of(new BigDecimal("0.1"), 1.25, 0.1f)));
    }

    @Test
    public void decimalsKeepTheDigitsThatWereWritten() throws Exception {
        String text = "[3.9,3.10,1.0,1.00,-0.0,1E+3,1.0E10,0.30000000000000004,1E+400,100.0]";
        Object read = Json.parse(text);
        assertEquals(text, Json.write(read));
        assertEquals(
                Arrays.asList(3.9, new BigDecimal("3.10"), 1.0, new BigDecimal("1.00")), ((List<?>) read).subList(0, 4));
    }

    @Test
    public void arraysAndOtherTextAreAccepted() {
        assertEquals("[\"a\",\"b\",\"c\"]", Json.write(new Object[] {"a", new StringBuilder("b"), 'c'}));
    }

    @Test
    public void whatJsonHasNotIsRefusedByName() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Json.write(Map.of("at", new java.util.Date())));
        assertEquals("java.util.Date can't be expressed in JSON", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Json.write(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Json.write(Double.POSITIVE_INFINITY));
    }

    @Test
    public void aListInsideItselfIsRefused() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThrows(IllegalArgumentException.class, () -> Json.write(endless));
    }

    @Test
    public void onlyOneWholeDocumentIsRead() {
        for (String text : List.of("", "  ", "{", "[1,", "{} {}", "nul", "{\"a\":}", "\u0001")) {
            assertThrows(text, IOException.class, () -> Json.parse(text));
        }
    }

    @Test
    public void nestingIsBounded() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThrows(IOException.class, () -> Json.parse(deep));
    }

    @Test
    public void fieldsAreTyped() throws IOException {
        JsonObject object = JsonObject.parse("{\"n\":5,\"t\":\"x\",\"big\":3000000000,\"o\":{\"k\":1},\"l\":[1]}");
        assertEquals(5, object.integer("n"));
        assertEquals(3_000_000_000L, object.longValue("big"));
        assertEquals(Map.of("k", "1"), object.strings("o"));
        assertEquals(List.of(1), object.list("l"));
        assertEquals("'t' is not a Number: x", message(() -> object.integer("t")));
        assertEquals("'missing' is missing", message(() -> object.string("missing")));
        assertEquals("'big' is out of range: 3000000000", message(() -> object.integer("big")));
        assertEquals("not a JSON object", message(() -> JsonObject.parse("[]")));
    }

    private static String message(org.junit.function.ThrowingRunnable action) {
        return assertThrows(IOException.class, action).getMessage();
    }

    @Test
    public void errorsSayWhatIsWrongAndWhere() {
        assertEquals(
                "Unexpected character ('<' (code 60)): expected a valid value (JSON String, Number, Array, Object or token"
                        + " 'null', 'true' or 'false') at line 1, column 1",
                message(() -> Json.parse("<html>")));
        for (String broken : List.of("{\"a\": [1, 2", "[1, 2", "\"abc", "{\n\"a\" 1}", "{\"a\": tru}", "[1,]")) {
            String message = message(() -> Json.parse(broken));
            assertTrue(message, message.matches(".* at line [12], column \\d+"));
            assertFalse(message, message.contains("Source"));
        }
    }
}
