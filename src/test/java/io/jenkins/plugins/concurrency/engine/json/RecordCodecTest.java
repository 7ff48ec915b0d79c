package io.jenkins.plugins.concurrency.engine.json;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class RecordCodecTest {

    enum Colour {
        RED,
        DARK_BLUE {
            @Override
            public String toString() {
                return "the sea";
            }
        }
    }

    sealed interface Shape {}

    record Circle(int radius) implements Shape {
        Circle {
            if (radius < 0) {
                throw new IllegalArgumentException("negative radius");
            }
        }
    }

    record Square(double side) implements Shape {}

    record Empty() implements Shape {}

    record Picture(
            String title,
            long size,
            boolean framed,
            Colour colour,
            Duration drying,
            Shape shape,
            Circle hole,
            List<String> labels,
            List<Square> squares,
            Map<String, String> notes,
            Map<String, Object> details,
            Object any,
            Version version) {}

    /** Has a text form. */
    public static final class Version {
        private final int number;

        private Version(int number) {
            this.number = number;
        }

        public static Version parse(String text) {
            return new Version(Integer.parseInt(text));
        }

        @Override
        public String toString() {
            return Integer.toString(number);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Version version && version.number == number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    private static Picture picture(Shape shape, Circle hole, Object any) {
        return new Picture(
                "t",
                5_000_000_000L,
                true,
                Colour.DARK_BLUE,
                Duration.ofMillis(1500),
                shape,
                hole,
                List.of("a", "b"),
                List.of(new Square(0.5), new Square(2)),
                Map.of("k", "v"),
                Map.of("list", List.of(1, "x")),
                any,
                Version.parse("7"));
    }

    private static <T> T again(Class<T> type, Record value) throws IOException {
        return RecordCodec.decode(type, JsonObject.parse(Json.write(RecordCodec.encode(value))));
    }

    @Test
    public void recordsComeBackAsTheyWere() throws IOException {
        for (Shape shape : List.of(new Circle(3), new Square(1.5), new Empty())) {
            for (Circle hole : new Circle[] {null, new Circle(1)}) {
                for (Object any : new Object[] {null, 1, "text", List.of("x"), Map.of("a", true)}) {
                    Picture picture = picture(shape, hole, any);
                    assertEquals(picture, again(Picture.class, picture));
                }
            }
            assertEquals(shape, again(Shape.class, (Record) shape));
        }
    }

    @Test
    public void fieldsHaveTheNamesOfComponentsInTheirOrder() {
        assertEquals(
                "{\"title\":\"t\",\"size\":5000000000,\"framed\":true,\"colour\":\"dark-blue\",\"dryingMillis\":1500,"
                        + "\"shape\":{\"type\":\"Circle\",\"radius\":3},\"hole\":null,\"labels\":[\"a\",\"b\"],"
                        + "\"squares\":[{\"type\":\"Square\",\"side\":0.5},{\"type\":\"Square\",\"side\":2.0}],"
                        + "\"notes\":{\"k\":\"v\"},\"details\":{\"list\":[1,\"x\"]},\"any\":null,\"version\":\"7\"}",
                Json.write(RecordCodec.encode(picture(new Circle(3), null, null))));
    }

    @Test
    public void whatDoesNotFitIsNamed() throws IOException {
        assertEquals("'title' is missing", problem("title"));
        assertEquals("'framed' is missing", problem("framed"));
        assertEquals("'title' is not a String: 1", problem("title", 1));
        assertEquals("'size' is not a Number: x", problem("size", "x"));
        assertEquals("'size' is missing", problem("size", null));
        assertEquals("'colour' is no Colour: pink", problem("colour", "pink"));
        assertEquals("'shape' is not a Map: x", problem("shape", "x"));
        assertEquals("no Shape 'Line'", problem("shape", Map.of("type", "Line")));
        assertEquals("'type' is missing", problem("shape", Map.of("radius", 1)));
        assertEquals("'radius' is out of range: 3000000000", problem("hole", Map.of("radius", 3_000_000_000L)));
        assertEquals("not a Circle: negative radius", problem("hole", Map.of("radius", -1)));
        assertEquals("'squares' is not a list of objects: 1", problem("squares", List.of(1)));
        assertEquals("'version': For input string: \"x\"", problem("version", "x"));
    }

    private static String problem(String field) throws IOException {
        Map<String, Object> json = RecordCodec.encode(picture(new Empty(), null, null));
        json.remove(field);
        return message(json);
    }

    private static String problem(String field, Object value) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>(RecordCodec.encode(picture(new Empty(), null, null)));
        json.put(field, value);
        return message(json);
    }

    private static String message(Map<String, Object> json) throws IOException {
        JsonObject read = JsonObject.parse(Json.write(json));
        return assertThrows(IOException.class, () -> RecordCodec.decode(Picture.class, read)).getMessage();
    }
}
