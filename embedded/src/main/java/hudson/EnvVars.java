package hudson;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import jenkins.security.MasterToSlaveCallable;

/**
 * Environment variables, whose names compare without regard to case as Jenkins has it. Not thread safe.
 */
public class EnvVars extends TreeMap<String, String> {

    private static final long serialVersionUID = 1L;

    /** The environment of this process. */
    public static final Map<String, String> masterEnvVars = new EnvVars(System.getenv());

    public EnvVars() {
        super(String.CASE_INSENSITIVE_ORDER);
    }

    public EnvVars(Map<String, String> variables) {
        this();
        putAll(variables);
    }

    public EnvVars(EnvVars variables) {
        this((Map<String, String>) variables);
    }

    /** @param keyValuePairs names and values by turns */
    public EnvVars(String... keyValuePairs) {
        this();
        if (keyValuePairs.length % 2 != 0) {
            throw new IllegalArgumentException("A value is missing for " + keyValuePairs[keyValuePairs.length - 1]);
        }
        for (int i = 0; i < keyValuePairs.length; i += 2) {
            put(keyValuePairs[i], keyValuePairs[i + 1]);
        }
    }

    /**
     * Sets a variable; a null or empty value unsets it, and the name {@code PATH+ANYTHING} puts the value before the
     * present one of {@code PATH}.
     */
    public void override(String key, String value) {
        if (value == null || value.isEmpty()) {
            remove(key);
            return;
        }
        int plus = key.indexOf('+');
        if (plus > 0) {
            String realKey = key.substring(0, plus);
            String present = get(realKey);
            put(realKey, present == null ? value : value + File.pathSeparator + present);
        } else {
            put(key, value);
        }
    }

    public EnvVars overrideAll(Map<String, String> all) {
        all.forEach(this::override);
        return this;
    }

    /** Overrides with values in which {@code $X} and <code>${X}</code> stand for present values. */
    public EnvVars overrideExpandingAll(Map<String, String> all) {
        all.forEach((key, value) -> override(key, expand(value)));
        return this;
    }

    /** Replaces {@code $X} and <code>${X}</code> by the variables' values; what is not set stays as it is. */
    public String expand(String text) {
        return Util.replaceMacro(text, this);
    }

    /** The environment of the process at the other end of the channel. */
    public static EnvVars getRemote(VirtualChannel channel) throws IOException, InterruptedException {
        return channel == null ? new EnvVars() : channel.call(new GetEnvVars());
    }

    private static final class GetEnvVars extends MasterToSlaveCallable<EnvVars, RuntimeException> {
        private static final long serialVersionUID = 1L;

        @Override
        public EnvVars call() {
            return new EnvVars(masterEnvVars);
        }
    }
}
