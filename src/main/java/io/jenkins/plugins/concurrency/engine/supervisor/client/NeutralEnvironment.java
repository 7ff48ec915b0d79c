package io.jenkins.plugins.concurrency.engine.supervisor.client;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment of supervisors. It has the agent's variables that a JVM and system programs need, and nothing of a
 * build, because every process of the user can read it.
 */
final class NeutralEnvironment {

    private static final Set<String> NAMES = Set.of(
            "PATH", "HOME", "USER", "LOGNAME", "LANG", "LOCPATH", "LOCALE_ARCHIVE", "TZ", "TMPDIR", "TMP", "TEMP",
            "JAVA_HOME",
            "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
            // of Windows
            "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERNAME", "USERPROFILE", "APPDATA",
            "LOCALAPPDATA", "PROGRAMDATA");

    private NeutralEnvironment() {}

    /** @param agent the environment of the agent's own process */
    static Map<String, String> of(Map<String, String> agent) {
        Map<String, String> neutral = new TreeMap<>(agent);
        neutral.keySet().removeIf(name -> !isNeutral(name.toUpperCase(Locale.ROOT)));
        neutral.put("LANGUAGE", "en"); // what the system says becomes part of messages, which are in one language
        return neutral;
    }

    private static boolean isNeutral(String name) {
        return NAMES.contains(name)
                || name.startsWith("LC_")
                || name.startsWith("LD_")
                || name.startsWith("DYLD_");
    }
}
