package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * This JVM's network options, for a JVM that does its work: trusted certificates, versions of TLS and IP, and similar.
 * The password of the trust store is passed in the run's environment, because everybody can see command lines.
 */
public final class NetworkOptions {

    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final String SECURITY_FILE = "java.security.properties";
    private static final String NO_FILE = "NONE";

    /** Prefixes of network options. Other options of the JVM are not passed on. */
    private static final List<String> PREFIXES = List.of(
            TRUST_STORE, "java.net.", "jdk.net.", "jdk.tls.", "jdk.security.", "jsse.", "sun.net.", "sun.security.",
            "com.sun.net.", "com.sun.security.", "https.protocols", "https.cipherSuites");

    /** Options that name files. The other JVM may have another working directory. */
    private static final Set<String> FILES = Set.of(TRUST_STORE, SECURITY_FILE, "jdk.net.hosts.file");

    private static final Pattern SECRET = Pattern.compile("password|passwd|secret", Pattern.CASE_INSENSITIVE);

    /** The environment variable with the password. Only runs that fetch have it. */
    static final String VARIABLE = "CONCURRENCY_STEPS_TRUST_STORE_PASSWORD";

    private NetworkOptions() {}

    /** Options for another JVM, always in the same order. */
    public static List<String> options(Properties own) {
        return new TreeSet<>(own.stringPropertyNames()).stream()
                .filter(NetworkOptions::isInherited)
                .map(name -> "-D" + name + "=" + (FILES.contains(name) ? file(own.getProperty(name)) : own.getProperty(name)))
                .toList();
    }

    private static boolean isInherited(String name) {
        return !SECRET.matcher(name).find()
                && (name.equals(SECURITY_FILE) || PREFIXES.stream().anyMatch(name::startsWith));
    }

    /** The absolute path of a file. A URL, and a value that names no file, stay as they are. */
    private static String file(String name) {
        // With "=" before its name, a file of security properties replaces the JVM's own.
        String mark = name.startsWith("=") ? "=" : "";
        String path = name.substring(mark.length());
        boolean none = path.isEmpty() || path.equals(NO_FILE) || path.matches("[a-zA-Z]{2,}:.*");
        return none ? name : mark + Path.of(path).toAbsolutePath();
    }

    /** Adds the variable that {@link #adopt} reads in the other JVM. */
    public static void addTo(Map<String, String> environment, Properties own) {
        if (own.getProperty(PASSWORD) != null) {
            environment.put(VARIABLE, own.getProperty(PASSWORD));
        }
    }

    /** Called by the other JVM before it connects to anything. */
    static void adopt(TaskEnvironment environment, Properties own) {
        String password = environment.value(VARIABLE);
        if (password != null) {
            own.setProperty(PASSWORD, password);
        }
    }
}
