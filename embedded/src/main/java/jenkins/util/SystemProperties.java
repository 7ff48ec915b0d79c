package jenkins.util;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Settings given to the controller's process. */
public class SystemProperties {

    private SystemProperties() {}

    public static @CheckForNull String getString(String key) {
        return System.getProperty(key);
    }

    public static String getString(String key, @CheckForNull String def) {
        return System.getProperty(key, def);
    }

    public static boolean getBoolean(String name) {
        return Boolean.getBoolean(name);
    }

    public static boolean getBoolean(String name, boolean def) {
        return Boolean.parseBoolean(System.getProperty(name, Boolean.toString(def)));
    }

    public static @CheckForNull Integer getInteger(String name) {
        return Integer.getInteger(name);
    }

    public static Integer getInteger(String name, Integer def) {
        return Integer.getInteger(name, def);
    }

    public static @CheckForNull Long getLong(String name) {
        return Long.getLong(name);
    }

    public static Long getLong(String name, Long def) {
        return Long.getLong(name, def);
    }
}
