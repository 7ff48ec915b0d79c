package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A proxy in use. Immutable. */
final class Proxy {

    private static final int AUTHENTICATION_REQUIRED = 407;
    private static final long RELUCTANT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Origin origin;
    private final String authorization;
    private final Predicate<String> direct;

    /** When it last refused the password: see {@link System#nanoTime}. 0 for never. */
    private volatile long refusedNanos;

    /** @param password {@code null} for none */
    Proxy(@NonNull ProxySettings settings, @CheckForNull String password) {
        this(settings, password, host -> false);
    }

    /**
     * @param password {@code null} for none
     * @param excluded says which hosts it does not serve beside those of the settings
     */
    Proxy(@NonNull ProxySettings settings, @CheckForNull String password, @NonNull Predicate<String> excluded) {
        origin = new Origin("http", settings.host().toLowerCase(Locale.ROOT), settings.port());
        List<Pattern> patterns = settings.direct().stream()
                .map(pattern -> Pattern.compile(pattern, Pattern.CASE_INSENSITIVE))
                .toList();
        direct = excluded.or(host -> patterns.stream().anyMatch(pattern -> pattern.matcher(host).matches()));
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

    /** It has answered a request with this status. */
    void answered(int status) {
        if (status == AUTHENTICATION_REQUIRED && authorization != null) {
            refusedNanos = System.nanoTime() | 1; // never 0
        }
    }

    /**
     * Why not to ask it now: thousands of requests with the same wrong password would lock an account.
     *
     * @return {@code null} if nothing speaks against it
     */
    @CheckForNull
    ProxyException reluctance() {
        long refused = refusedNanos;
        if (refused == 0 || System.nanoTime() - refused > RELUCTANT_NANOS) {
            return null;
        }
        return new ProxyException(
                origin, "has just refused the user name or password (HTTP 407); it is not asked again for a minute", true);
    }

    /** Whether a host is reached through the proxy. This machine itself never is: the proxy's would be another one. */
    boolean serves(@NonNull String host) {
        InetAddress address = HostAddress.of(host);
        boolean local = address == null
                ? DestinationGuard.isThisMachine(host)
                : AddressKind.of(address) == AddressKind.LOOPBACK;
        return !local && !direct.test(host);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
