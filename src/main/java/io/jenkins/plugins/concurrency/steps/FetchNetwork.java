package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ProxyConfiguration;
import hudson.Util;
import hudson.util.Secret;
import io.jenkins.plugins.concurrency.engine.fetch.connect.DestinationPolicy;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ProxySettings;
import java.util.Objects;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import jenkins.util.SystemProperties;

/** How requests reach their destinations, and which, as the administrator has it. */
final class FetchNetwork {

    /** Whether requests of the controller may go to addresses of its own network. */
    static final String ALLOW_PRIVATE = "io.jenkins.plugins.concurrency.allowPrivateAddresses";

    /** Whether steps may leave certificates of servers unchecked. */
    static final String ALLOW_IGNORE_TLS = "io.jenkins.plugins.concurrency.allowIgnoreTls";

    private FetchNetwork() {}

    /**
     * The settings for a step.
     *
     * @param onAgent whether requests start on an agent, where commands could go everywhere anyway
     */
    @NonNull
    static NetworkSettings settings(boolean onAgent, boolean ignoreTls) {
        boolean internal = onAgent || SystemProperties.getBoolean(ALLOW_PRIVATE);
        return new NetworkSettings(
                internal ? DestinationPolicy.INTERNAL : DestinationPolicy.PUBLIC, proxy(), ignoreTls);
    }

    /** Whether a step may ask for unchecked certificates. */
    static boolean mayIgnoreTls() {
        return SystemProperties.getBoolean(ALLOW_IGNORE_TLS);
    }

    /** The password of Jenkins' proxy; {@code null} if it has none, or is another proxy meanwhile. */
    @CheckForNull
    static String proxyPassword(@NonNull ProxySettings used) {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        boolean same = proxy != null
                && used.host().equals(Util.fixEmptyAndTrim(proxy.getName()))
                && used.port() == proxy.getPort()
                && Objects.equals(used.user(), Util.fixEmptyAndTrim(proxy.getUserName()));
        return same ? Secret.toString(proxy.getSecretPassword()) : null;
    }

    private static ProxySettings proxy() {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        if (proxy == null || Util.fixEmptyAndTrim(proxy.getName()) == null) {
            return null;
        }
        return new ProxySettings(
                proxy.getName().strip(),
                proxy.getPort(),
                Util.fixEmptyAndTrim(proxy.getUserName()),
                proxy.getNoProxyHostPatterns().stream().map(Pattern::pattern).toList());
    }
}
