package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A proxy in use. Immutable. */
final class Proxy {

    private final Origin origin;
    private final String authorization;
    private final List<Pattern> direct;

    /** @param password {@code null} for none */
    Proxy(@NonNull ProxySettings settings, @CheckForNull String password) {
        origin = new Origin("http", settings.host().toLowerCase(Locale.ROOT), settings.port());
        direct = settings.direct().stream()
                .map(pattern -> Pattern.compile(pattern, Pattern.CASE_INSENSITIVE))
                .toList();
        authorization = settings.user() == null || password == null ? null : basic(settings.user() + ":" + password);
    }

    @NonNull
    Origin origin() {
        return origin;
    }

    /** The value of {@code Proxy-Authorization}; {@code null} for none. */
    @CheckForNull
    String authorization() {
        return authorization;
    }

    /** Whether a host is reached through the proxy. This machine itself never is: the proxy's would be another one. */
    boolean serves(@NonNull String host) {
        InetAddress address = HostAddress.of(host);
        boolean local = address == null
                ? DestinationGuard.isThisMachine(host)
                : AddressKind.of(address) == AddressKind.LOOPBACK;
        return !local && direct.stream().noneMatch(pattern -> pattern.matcher(host).matches());
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
