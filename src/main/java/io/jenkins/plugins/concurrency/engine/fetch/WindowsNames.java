package io.jenkins.plugins.concurrency.engine.fetch;

import java.util.Locale;
import java.util.Set;

/** Names that Windows takes for something else than a file of that name. */
final class WindowsNames {

    private static final Set<String> DEVICES = Set.of(
            "CON", "PRN", "AUX", "NUL", "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
            "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9");

    private WindowsNames() {}

    /** Whether it is a device, with whatever extension. */
    static boolean isDevice(String name) {
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).stripTrailing();
        return DEVICES.contains(stem.toUpperCase(Locale.ROOT));
    }

    /** Whether it loses its end, and so may be another file's name. */
    static boolean isShortened(String name) {
        return name.endsWith(".") || name.endsWith(" ");
    }
}
