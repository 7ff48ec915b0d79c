package io.jenkins.plugins.concurrency.embedded.script;

import hudson.model.Result;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.groovy.runtime.InvokerHelper;

/** Converts script values to the types of parameters, as far as that loses nothing. */
public final class Coercion {

    private static final Map<Class<?>, Class<?>> BOXED = Map.of(
            boolean.class, Boolean.class,
            byte.class, Byte.class,
            char.class, Character.class,
            double.class, Double.class,
            float.class, Float.class,
            int.class, Integer.class,
            long.class, Long.class,
            short.class, Short.class);

    private Coercion() {}

    /** A value that cannot be converted; the message tells what was expected and what was given. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private Refused(Class<?> target, Object value) {
            super("expects " + describe(target) + " but got "
                    + (value == null ? "null" : InvokerHelper.inspect(value) + " (" + value.getClass().getSimpleName() + ")"));
        }

        private static String describe(Class<?> target) {
            if (target.isEnum()) {
                return "one of " + Arrays.toString(target.getEnumConstants());
            } else if (Collection.class.isAssignableFrom(target)) {
                return "a list";
            } else if (Map.class.isAssignableFrom(target)) {
                return "a map";
            }
            return target.getSimpleName();
        }
    }

    public static Object convert(Object value, Type target) throws Refused {
        Class<?> raw = erase(target);
        Class<?> type = BOXED.getOrDefault(raw, raw);
        if (value == null) {
            return nothing(raw);
        } else if (value instanceof Collection<?> elements && Collection.class.isAssignableFrom(type)) {
            return collection(elements, target, type);
        } else if (value instanceof Collection<?> elements && type.isArray()) {
            return array(elements, type.getComponentType());
        } else if (type.isInstance(value)) {
            return value;
        } else if (type == String.class && value instanceof CharSequence) {
            return value.toString();
        } else if (value instanceof Number number && Number.class.isAssignableFrom(type)) {
            return number(new BigDecimal(number.toString()), type, value);
        } else if (value instanceof String text) {
            return parse(text, type);
        }
        throw new Refused(type, value);
    }

    /** An argument that was left out, or is null. */
    private static Object nothing(Class<?> raw) {
        return raw.isPrimitive() ? Array.get(Array.newInstance(raw, 1), 0) : null;
    }

    private static Object collection(Collection<?> elements, Type target, Class<?> type) throws Refused {
        Type elementType = target instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : Object.class;
        Collection<Object> converted = Set.class.isAssignableFrom(type) ? new LinkedHashSet<>() : new ArrayList<>();
        for (Object element : elements) {
            converted.add(convert(element, elementType));
        }
        if (!type.isInstance(converted)) {
            throw new Refused(type, elements);
        }
        return converted;
    }

    private static Object array(Collection<?> elements, Class<?> component) throws Refused {
        Object array = Array.newInstance(component, elements.size());
        int i = 0;
        for (Object element : elements) {
            Array.set(array, i++, convert(element, component));
        }
        return array;
    }

    private static Object number(BigDecimal exact, Class<?> type, Object given) throws Refused {
        try {
            if (type == Integer.class) {
                return exact.intValueExact();
            } else if (type == Long.class) {
                return exact.longValueExact();
            } else if (type == Short.class) {
                return exact.shortValueExact();
            } else if (type == Byte.class) {
                return exact.byteValueExact();
            } else if (type == BigInteger.class) {
                return exact.toBigIntegerExact();
            } else if (type == Double.class) {
                return exact.doubleValue();
            } else if (type == Float.class) {
                return exact.floatValue();
            } else if (type == BigDecimal.class) {
                return exact;
            }
        } catch (ArithmeticException e) {
            // A fraction, or too large.
        }
        throw new Refused(type, given);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object parse(String text, Class<?> type) throws Refused {
        try {
            if (type.isEnum()) {
                return Enum.valueOf((Class<? extends Enum>) type, text);
            } else if (type == Boolean.class && List.of("true", "false").contains(text)) {
                return Boolean.valueOf(text);
            } else if (type == Character.class && text.length() == 1) {
                return text.charAt(0);
            } else if (type == Result.class) {
                return Result.fromString(text);
            } else if (Number.class.isAssignableFrom(type)) {
                return number(new BigDecimal(text), type, text);
            }
        } catch (IllegalArgumentException e) {
            // No number, or no name of a constant.
        }
        throw new Refused(type, text);
    }

    private static Class<?> erase(Type type) {
        if (type instanceof Class<?> raw) {
            return raw;
        } else if (type instanceof ParameterizedType generic) {
            return erase(generic.getRawType());
        } else if (type instanceof GenericArrayType array) {
            return Array.newInstance(erase(array.getGenericComponentType()), 0).getClass();
        } else if (type instanceof WildcardType wildcard) {
            return erase(wildcard.getUpperBounds()[0]);
        } else if (type instanceof TypeVariable<?> variable) {
            return erase(variable.getBounds()[0]);
        }
        return Object.class;
    }
}
