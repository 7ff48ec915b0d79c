package io.jenkins.plugins.concurrency.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ProxyConfiguration;
import hudson.Util;
import hudson.util.Secret;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySettings;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** Converts Jenkins' proxy configuration for the engine. */
public final class JenkinsProxy {

    private JenkinsProxy() {}

    /**
     * {@code null} if there is none.
     *
     * @throws IllegalArgumentException if it is not valid, in one line
     */
    @CheckForNull
    public static ProxySettings settings() {
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

    /** The password of its user; {@code null} if it has no user, or if Jenkins now has another proxy. */
    @CheckForNull
    public static String password(ProxySettings used) {
        ProxySettings now = settings();
        boolean same = now != null
                && used.user() != null
                && used.host().equals(now.host())
                && used.port() == now.port()
                && used.user().equals(now.user());
        return same ? Util.fixNull(Secret.toString(Jenkins.get().getProxy().getSecretPassword())) : null;
    }
}
