package io.jenkins.plugins.concurrency.embedded;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * What stands in for configuration files: the system property {@code <class>.<property>} sets a property of the
 * configuration of that class, {@code <class>.<group>.<property>} one of a group in it.
 */
public final class ConfigurationProperties {

    private ConfigurationProperties() {}

    /**
     * Sets what properties say.
     *
     * @throws IllegalArgumentException if they name what is not there, or a value that can't be
     */
    public static void applyTo(Object configuration) {
        String prefix = configuration.getClass().getName() + ".";
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith(prefix)) {
                set(configuration, name.substring(prefix.length()), name);
            }
        }
    }

    private static void set(Object target, String path, String name) {
        int dot = path.indexOf('.');
        String method = (dot < 0 ? "set" : "get") + Character.toUpperCase(path.charAt(0))
                + path.substring(1, dot < 0 ? path.length() : dot);
        for (Method candidate : target.getClass().getMethods()) {
            if (candidate.getName().equals(method) && candidate.getParameterCount() == (dot < 0 ? 1 : 0)) {
                try {
                    if (dot >= 0) {
                        set(candidate.invoke(target), path.substring(dot + 1), name);
                    } else {
                        candidate.invoke(target, value(System.getProperty(name), candidate.getParameterTypes()[0]));
                    }
                    return;
                } catch (IllegalAccessException | InvocationTargetException e) {
                    throw new IllegalArgumentException("cannot set " + name, e);
                }
            }
        }
        throw new IllegalArgumentException("there is nothing to set by " + name);
    }

    private static Object value(String text, Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return Boolean.valueOf(text);
        }
        if (type == int.class) {
            return Integer.valueOf(text);
        }
        return type == double.class ? (Object) Double.valueOf(text) : text;
    }
}
