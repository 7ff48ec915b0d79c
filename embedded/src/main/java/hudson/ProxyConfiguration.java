package hudson;

import hudson.util.Secret;
import java.util.List;
import java.util.regex.Pattern;

/** The proxy that Jenkins uses; here there never is one. */
public final class ProxyConfiguration {

    private ProxyConfiguration() {}

    public String getName() {
        throw new UnsupportedOperationException();
    }

    public int getPort() {
        throw new UnsupportedOperationException();
    }

    public String getUserName() {
        throw new UnsupportedOperationException();
    }

    public Secret getSecretPassword() {
        throw new UnsupportedOperationException();
    }

    public List<Pattern> getNoProxyHostPatterns() {
        throw new UnsupportedOperationException();
    }
}
