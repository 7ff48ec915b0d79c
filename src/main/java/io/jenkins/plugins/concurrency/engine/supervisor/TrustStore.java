package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The certificates that this JVM was told to trust when it was started, which a JVM that works in its place has to trust
 * as well. The password goes the way of a run's environment, since everybody sees command lines.
 */
final class TrustStore {

    private static final String FILE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final List<String> OTHERS = List.of("javax.net.ssl.trustStoreType", "javax.net.ssl.trustStoreProvider");
    private static final String NO_FILE = "NONE";
    /** Has the password in the environment of a run that fetches. */
    static final String VARIABLE = "CONCURRENCY_STEPS_TRUST_STORE_PASSWORD";

    private TrustStore() {}

    /** Options for another JVM, which may work in another directory. */
    @NonNull
    static List<String> options(@NonNull Properties own) {
        List<String> options = new ArrayList<>();
        String file = own.getProperty(FILE);
        if (file != null) {
            boolean none = file.isEmpty() || file.equals(NO_FILE);
            options.add("-D" + FILE + "=" + (none ? file : Path.of(file).toAbsolutePath()));
        }
        for (String name : OTHERS) {
            if (own.getProperty(name) != null) {
                options.add("-D" + name + "=" + own.getProperty(name));
            }
        }
        return options;
    }

    /** Adds what {@link #adopt} finds in the other JVM. */
    static void addTo(@NonNull Map<String, String> environment, @NonNull Properties own) {
        if (own.getProperty(PASSWORD) != null) {
            environment.put(VARIABLE, own.getProperty(PASSWORD));
        }
    }

    /** Called by the other JVM before it trusts anybody. */
    static void adopt(@NonNull TaskEnvironment environment, @NonNull Properties own) {
        String password = environment.value(VARIABLE);
        if (password != null) {
            own.setProperty(PASSWORD, password);
        }
    }
}
