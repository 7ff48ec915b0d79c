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

    /** Continues a request that sends the password. */
    @FunctionalInterface
    public interface Turn {

        /**
         * @param waited whether other requests were first
         * @param refusal why the password must not be sent; {@code null} if it may be sent
         */
        void take(boolean waited, @CheckForNull ProxyException refusal);
    }

    private static final int AUTHENTICATION_REQUIRED = 407;
    private static final long REFUSAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Origin origin;
    private final String authorization;
    private final Predicate<String> direct;

    /** When the proxy last refused the password, see {@link System#nanoTime}; 0 for never. */
    private volatile long refusedNanos;

    /** Whether the password is known to be right, or there is none. */
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
     * @param excluded tells which further hosts the proxy does not serve, besides those of the settings
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

    /** Whether all requests may send the password at the same time. */
    public boolean isTrusted() {
        return trusted;
    }

    /**
     * Asks for a turn to send the password. The turn comes within this call, or later on the thread that makes it
     * possible.
     *
     * @param who identifies the caller; to be passed to {@link #releaseTurn} when its turn ends, or when it stops
     *     waiting
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
     * Ends a caller's turn, or stops its waiting.
     *
     * @return gives the turn to the next caller; {@code null} if nobody waits
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

    /** Called with the status of each answer of the proxy, which shows whether the password is right. */
    public void answered(int status) {
        boolean refused = status == AUTHENTICATION_REQUIRED;
        if (authorization == null || !refused && (trusted || refusal() != null)) {
            return; // some servers are reached without a password, so this does not prove that a refused one is right
        }
        List<Turn> released;
        synchronized (this) {
            trusted = !refused;
            refusedNanos = refused ? System.nanoTime() | 1 : 0; // 0 stands for never
            asking = null;
            released = List.copyOf(waiting.values());
            waiting.clear();
        }
        released.forEach(turn -> turn.take(true, refusal()));
    }

    /**
     * Why the proxy must not be asked now. Thousands of requests with the same wrong password would lock an account.
     *
     * @return {@code null} if it may be asked
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

    /**
     * Whether requests to a host go through the proxy. Requests to this machine never do: the proxy would send them to
     * its own machine.
     */
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
