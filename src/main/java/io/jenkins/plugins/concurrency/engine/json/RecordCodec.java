package io.jenkins.plugins.concurrency.engine.json;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Records as JSON objects: a field for each component, with the component's name and in its order.
 *
 * <p>A component is a text, a number, a flag, another record, an enum (its name in lower case, {@code -} for
 * {@code _}), a {@code Duration} (the field's name ends in {@code Millis}), a list or a map with texts as keys, a JSON
 * value ({@code Object}), or of a class whose {@code toString} writes a text that a static {@code parse} reads. For a
 * sealed interface, the field {@code type} names the record's class. All fields are required; {@code null} is allowed
 * where the record's constructor accepts it.
 *
 * <p>For data that is read and written once for each run. It has no state, so a process that has just started needs
 * time only for what it reads. The codecs of data for each branch are written by hand.
 */
public final class RecordCodec {

    private static final String TYPE = "type";

    private RecordCodec() {}

    /** The record as a JSON value, for {@link Json#write(Object)}. */
    public static Map<String, Object> encode(Record value) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Class<?> kind : value.getClass().getInterfaces()) {
            if (kind.isSealed()) {
                json.put(TYPE, value.getClass().getSimpleName());
            }
        }
        try {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true); // some records are their room's alone
                json.put(field(component), plain(accessor.invoke(value)));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't read " + value.getClass(), e);
        }
        return json;
    }

    @CheckForNull
    private static Object plain(@CheckForNull Object value) {
        if (value instanceof Record record) {
            return encode(record);
        }
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            list.forEach(item -> items.add(plain(item)));
            return items;
        }
        if (value instanceof Duration duration) {
            return duration.toMillis();
        }
        if (value instanceof Enum<?> constant) {
            return text(constant);
        }
        return value == null || value instanceof Map || value instanceof Number || value instanceof Boolean
                ? value
                : value.toString();
    }

    /**
     * Reads a file that contains only the JSON form of a record.
     *
     * @throws IOException if it can't be read, or contains something else
     */
    public static <T> T read(Class<T> type, Path file) throws IOException {
        return decode(type, JsonObject.parse(Files.readString(file)));
    }

    /**
     * Reads the record that {@link #encode} wrote.
     *
     * @throws IOException if it is not valid, in one line
     */
    public static <T> T decode(Class<T> type, JsonObject json) throws IOException {
        if (type.isSealed()) {
            String name = json.string(TYPE);
            for (Class<?> one : type.getPermittedSubclasses()) {
                if (one.getSimpleName().equals(name)) {
                    return type.cast(decode(one, json));
                }
            }
            throw new IOException("no " + type.getSimpleName() + " '" + name + "'");
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(json, field(components[i]), components[i]);
        }
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) { // the constructor does not take these values
            throw new IOException("not a " + type.getSimpleName() + ": " + e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't make a " + type, e);
        }
    }

    @CheckForNull
    private static Object value(JsonObject json, String field, RecordComponent component) throws IOException {
        Class<?> type = component.getType();
        if (!json.fields().containsKey(field)) {
            throw new IOException("'" + field + "' is missing");
        } else if (type == int.class) {
            return json.integer(field);
        } else if (type == long.class) {
            return json.longValue(field);
        } else if (type == double.class) {
            return json.doubleValue(field);
        } else if (type == boolean.class) {
            return json.flag(field);
        } else if (!json.has(field)) {
            return null;
        } else if (type == String.class) {
            return json.string(field);
        } else if (type == Duration.class) {
            return Duration.ofMillis(json.longValue(field));
        } else if (type == List.class) {
            return list(json, field, component.getGenericType());
        } else if (type == Map.class) {
            boolean texts = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1] == String.class;
            return texts ? json.strings(field) : json.object(field).fields();
        } else if (type.isRecord() || type.isInterface()) {
            return decode(type, json.object(field));
        }
        return type == Object.class ? json.fields().get(field) : parsed(type, field, json.string(field));
    }

    private static List<?> list(JsonObject json, String field, Type list) throws IOException {
        Class<?> type = (Class<?>) ((ParameterizedType) list).getActualTypeArguments()[0];
        if (type == Integer.class) {
            return json.list(field).stream().map(number -> ((Number) number).intValue()).toList();
        }
        if (!type.isRecord()) {
            return json.list(field).stream().map(String::valueOf).toList();
        }
        List<Object> items = new ArrayList<>();
        for (JsonObject item : json.objects(field)) {
            items.add(decode(type, item));
        }
        return items;
    }

    private static Object parsed(Class<?> type, String field, String text) throws IOException {
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                if (text((Enum<?>) constant).equals(text)) {
                    return constant;
                }
            }
            throw new IOException("'" + field + "' is no " + type.getSimpleName() + ": " + text);
        }
        try {
            return type.getMethod("parse", String.class).invoke(null, text);
        } catch (InvocationTargetException e) {
            throw new IOException("'" + field + "': " + e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't make a " + type, e);
        }
    }

    private static String field(RecordComponent component) {
        return component.getType() == Duration.class ? component.getName() + "Millis" : component.getName();
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
