package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.AddressKind;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationGuard;
import io.jenkins.plugins.concurrency.engine.fetch.destination.HostAddress;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A proxy in use. Until it has accepted the password, only one request at a time sends it: many requests with a wrong
 * password at once would lock an account. Thread-safe.
 */
public final class Proxy {

    /** Goes on with what sends the password. */
    @FunctionalInterface
    public interface Turn {

        /**
         * @param waited whether others were first
         * @param refusal why not to send it; {@code null} to do so
         */
        void take(boolean waited, @CheckForNull ProxyException refusal);
    }

    private static final int AUTHENTICATION_REQUIRED = 407;
    private static final long REFUSAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Origin origin;
    private final String authorization;
    private final Predicate<String> direct;

    /** When it last refused the password: see {@link System#nanoTime}. 0 for never. */
    private volatile long refusedNanos;

    /** Whether the password is right, or there is none. */
    private volatile boolean trusted;

    // Guarded by this.
    private Object asking;
    private final Map<Object, Turn> waiting = new LinkedHashMap<>();

    /** @param password {@code null} for none */
    Proxy(ProxySettings settings, @CheckForNull String password) {
        this(settings, password, host -> false);
    }

    /**
     * @param password {@code null} for none
     * @param excluded says which hosts it does not serve beside those of the settings
     */
    Proxy(ProxySettings settings, @CheckForNull String password, Predicate<String> excluded) {
        origin = new Origin("http", settings.host().toLowerCase(Locale.ROOT), settings.port());
        List<Pattern> patterns = settings.direct().stream()
                .map(pattern -> Pattern.compile(pattern, Pattern.CASE_INSENSITIVE))
                .toList();
        direct = excluded.or(host -> patterns.stream().anyMatch(pattern -> pattern.matcher(host).matches()));
        authorization = settings.user() == null || password == null ? null : basic(settings.user() + ":" + password);
        trusted = authorization == null;
    }

    public Origin origin() {
        return origin;
    }

    /** The value of {@code Proxy-Authorization}; {@code null} for none. */
    @CheckForNull
    public String authorization() {
        return authorization;
    }

    /** Whether all may send the password at once. */
    public boolean isTrusted() {
        return trusted;
    }

    /**
     * Asks for a turn to send the password. It comes within this call, or later by the thread that makes it possible.
     *
     * @param who pass it to {@link #releaseTurn} at its end, or when it stops waiting
     */
    public void requestTurn(Object who, Turn turn) {
        synchronized (this) {
            if (!trusted && refusal() == null) {
                if (asking != null) {
                    waiting.put(who, turn);
                    return;
                }
                asking = who;
            }
        }
        turn.take(false, refusal());
    }

    /**
     * Somebody needs his turn no more.
     *
     * @return lets the next one have it; {@code null} if nobody waits for that
     */
    @CheckForNull
    public synchronized Runnable releaseTurn(Object who) {
        waiting.remove(who);
        if (asking != who) {
            return null;
        }
        asking = null;
        Iterator<Map.Entry<Object, Turn>> all = waiting.entrySet().iterator();
        if (!all.hasNext()) {
            return null;
        }
        Map.Entry<Object, Turn> next = all.next();
        all.remove();
        asking = next.getKey();
        Turn turn = next.getValue();
        return () -> turn.take(true, refusal());
    }

    /** It has answered a request with this status: now it is known whether the password is right. */
    public void answered(int status) {
        boolean refused = status == AUTHENTICATION_REQUIRED;
        if (authorization == null || !refused && (trusted || refusal() != null)) {
            return; // some servers are reached without a password: what it has just refused stays refused
        }
        List<Turn> released;
        synchronized (this) {
            trusted = !refused;
            refusedNanos = refused ? System.nanoTime() | 1 : 0; // never 0 for a time
            asking = null;
            released = List.copyOf(waiting.values());
            waiting.clear();
        }
        released.forEach(turn -> turn.take(true, refusal()));
    }

    /**
     * Why not to ask it now: thousands of requests with the same wrong password would lock an account.
     *
     * @return {@code null} if nothing speaks against it
     */
    @CheckForNull
    public ProxyException refusal() {
        long refused = refusedNanos;
        if (refused == 0 || System.nanoTime() - refused > REFUSAL_NANOS) {
            return null;
        }
        return new ProxyException(
                origin, "has just refused the user name or password (HTTP 407); it is not asked again for a minute", true);
    }

    /** Whether a host is reached through the proxy. This machine itself never is: the proxy's would be another one. */
    public boolean serves(String host) {
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
