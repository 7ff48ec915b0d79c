package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.AddressRange;
import io.jenkins.plugins.concurrency.engine.fetch.destination.HostAddress;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Selects the proxy of each request of a run: one proxy for all, or those of the variables {@code http_proxy},
 * {@code https_proxy}, {@code all_proxy} and {@code no_proxy} of the run's environment, read as curl reads them.
 * Immutable.
 */
public final class ProxySelection {

    /** Connects directly. */
    public static final ProxySelection NONE = new ProxySelection(null, null, "", List.of());

    private static final int DEFAULT_PORT = 1080;
    private static final Pattern DOTS = Pattern.compile("^\\.|\\.$");

    private final Access http;
    private final Access https;
    private final String excluded;
    private final List<String> notes;

    /** A proxy and its password. */
    private record Access(ProxySettings settings, @CheckForNull String password) {

        @Override
        public String toString() {
            return settings.host() + ":" + settings.port();
        }
    }

    private ProxySelection(@CheckForNull Access http, @CheckForNull Access https, String excluded, List<String> notes) {
        this.http = http;
        this.https = https;
        this.excluded = excluded;
        this.notes = List.copyOf(notes);
    }

    /** @param password {@code null} for none */
    public static ProxySelection of(ProxySettings proxy, @CheckForNull String password) {
        Access access = new Access(proxy, password);
        return new ProxySelection(access, access, "", List.of());
    }

    /**
     * The proxies that the variables of an environment name.
     *
     * @param variables gives the value of a variable, {@code null} if it is not set
     */
    public static ProxySelection ofEnvironment(Function<String, String> variables) {
        List<String> notes = new ArrayList<>();
        String excluded = Objects.requireNonNullElse(value(variables, "no_proxy"), "");
        Access http = read(variables, "http_proxy", excluded, notes);
        Access https = read(variables, "https_proxy", excluded, notes);
        return new ProxySelection(http, https, excluded, notes);
    }

    /** What users should know about the proxies, one line for each note. */
    public List<String> notes() {
        return notes;
    }

    public boolean havePassword() {
        return Stream.of(http, https).anyMatch(access -> access != null && access.password() != null);
    }

    /** Whether all requests use the same proxy. */
    public boolean isOne() {
        return Objects.equals(http, https);
    }

    /** The proxy for {@code http} URLs; {@code null} for direct connections. */
    @CheckForNull
    public Proxy forPlain() {
        return http == null ? null : proxy(http);
    }

    /** The proxy for {@code https} URLs; {@code null} for direct connections. */
    @CheckForNull
    public Proxy forSecure() {
        return https == null ? null : proxy(https);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProxySelection that
                && Objects.equals(http, that.http)
                && Objects.equals(https, that.https)
                && excluded.equals(that.excluded);
    }

    @Override
    public int hashCode() {
        return Objects.hash(http, https, excluded);
    }

    private Proxy proxy(Access access) {
        return new Proxy(access.settings(), access.password(), this::isExcluded);
    }

    @CheckForNull
    private static Access read(Function<String, String> variables, String own, String excluded, List<String> notes) {
        String name = value(variables, own) == null ? "all_proxy" : own;
        String url = value(variables, name);
        if (url == null) {
            return null;
        }
        try {
            Access access = parse(url);
            String kind = own.substring(0, own.indexOf('_'));
            String but = excluded.isEmpty() ? "" : ", but to " + ErrorPageText.line(excluded);
            notes.add(kind + " requests go through the proxy " + access + " (" + name + " of the environment)" + but);
            return access;
        } catch (IllegalArgumentException e) {
            notes.add(name + " of the environment is not used: " + e.getMessage());
            return null;
        }
    }

    private static Access parse(String url) {
        int scheme = url.indexOf("://");
        if (scheme >= 0 && !url.substring(0, scheme).equalsIgnoreCase("http")) {
            throw new IllegalArgumentException(
                    "its proxy is of the kind '" + ErrorPageText.line(url.substring(0, scheme)) + "'; only http is supported");
        }
        String rest = scheme < 0 ? url : url.substring(scheme + 3);
        int at = rest.lastIndexOf('@'); // a password may have a character that ends an authority
        String user = at < 0 ? null : rest.substring(0, at);
        String place = rest.substring(at + 1).split("[/?#]", 2)[0];
        int colon = place.lastIndexOf(':');
        boolean hasPort = colon > place.lastIndexOf(']');
        String host = (hasPort ? place.substring(0, colon) : place).replaceAll("[\\[\\]]", "");
        int port;
        try {
            port = hasPort ? Integer.parseInt(place.substring(colon + 1)) : DEFAULT_PORT;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + ErrorPageText.line(place) + "' is not the address of a proxy", e);
        }
        int separator = user == null ? -1 : user.indexOf(':');
        String password = user == null ? null : separator < 0 ? "" : decoded(user.substring(separator + 1));
        String name = user == null ? null : decoded(separator < 0 ? user : user.substring(0, separator));
        return new Access(new ProxySettings(ErrorPageText.line(host), port, name, List.of()), password);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // it was not percent-encoded
        }
    }

    @CheckForNull
    private static String value(Function<String, String> variables, String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .map(variables)
                .filter(value -> value != null && !value.isBlank())
                .map(String::strip)
                .findFirst()
                .orElse(null);
    }

    /** Whether {@code no_proxy} has the host's name, a domain that it is in, or a range with its address. */
    private boolean isExcluded(String host) {
        InetAddress address = HostAddress.of(host);
        String name = withoutDots(host);
        for (String entry : excluded.split("[,\\s]+")) {
            String domain = withoutDots(entry);
            boolean named = !domain.isEmpty() && (name.equals(domain) || address == null && name.endsWith("." + domain));
            if (entry.equals("*") || named || address != null && isIn(entry, address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(String range, InetAddress address) {
        try {
            return !range.isEmpty() && AddressRange.of(range.replaceAll("[\\[\\]]", "")).contains(address);
        } catch (IllegalArgumentException e) {
            return false; // it is a name
        }
    }

    private static String withoutDots(String name) {
        return DOTS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
