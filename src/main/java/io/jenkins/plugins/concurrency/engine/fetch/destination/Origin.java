package io.jenkins.plugins.concurrency.engine.fetch.destination;

/**
 * Scheme, host and port. Connections, limits and credentials belong to an origin.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case and ASCII; an IPv6 address without brackets
 * @param port the port that is used, 1 to 65535
 */
public record Origin(String scheme, String host, int port) {

    public boolean isSecure() {
        return scheme.equals("https");
    }

    /** The host, and the port if it is not the default port of the scheme. */
    public String authority() {
        return port == defaultPort(scheme) ? bracketed() : bracketed() + ":" + port;
    }

    public String hostAndPort() {
        return bracketed() + ":" + port;
    }

    /** The port of URLs that name none. */
    public static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    /** For example {@code https://example.org:443}. */
    @Override
    public String toString() {
        return scheme + "://" + hostAndPort();
    }

    private String bracketed() {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }
}
