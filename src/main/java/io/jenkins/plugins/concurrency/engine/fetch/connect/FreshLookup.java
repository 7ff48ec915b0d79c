package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Lookups whose negative answers are no older than the question. The JVM caches such an answer for ten seconds, for all
 * attempts. A JVM that also does other work can't be configured otherwise. But the cache compares spelling, and to name
 * services {@code EXAMPLE.org} is {@code example.org}. So a name that was not found is looked up in another spelling
 * next time.
 *
 * <p>Callers that asked before a lookup started get its answer too: ten thousand requests to a name that does not exist
 * are not ten thousand lookups. Thread-safe.
 */
final class FreshLookup {

    private static final String NEGATIVE_SECONDS = "networkaddress.cache.negative.ttl";
    private static final int DEFAULT_SECONDS = 10;

    /** The most names that are remembered as not found. */
    private static final int MAX_NAMES = 1_000;

    private static final int MAX_LETTERS = 30;

    private final NameLookup lookup;
    private final long keptNanos;

    /** Names that were not found recently, the oldest first. Guarded by this. */
    private final Map<String, Failures> failures = new LinkedHashMap<>();

    /**
     * @param count how many lookups in a row found nothing
     * @param begunNanos when the last of these lookups began
     */
    private record Failures(int count, long begunNanos, long endedNanos, UnknownHostException last) {}

    FreshLookup(NameLookup lookup) {
        this.lookup = lookup;
        this.keptNanos = keptNanos(Security.getProperty(NEGATIVE_SECONDS));
    }

    /**
     * The addresses of a host.
     *
     * @param askedNanos when the caller first asked, see {@link System#nanoTime}
     * @throws UnknownHostException if the host had none at that time or later
     */
    InetAddress[] addresses(String host, long askedNanos) throws UnknownHostException {
        long begun = System.nanoTime();
        Failures known = known(host, begun);
        if (known != null && known.begunNanos() - askedNanos >= 0) {
            throw known.last();
        }
        String spelling = known == null ? host : spelling(host, known.count());
        try {
            return found(host, spelling);
        } catch (UnknownHostException e) {
            remember(host, new Failures(known == null ? 1 : known.count() + 1, begun, System.nanoTime(), e));
            throw e;
        }
    }

    private InetAddress[] found(String host, String spelling) throws UnknownHostException {
        try {
            return lookup.addresses(spelling);
        } catch (UnknownHostException e) {
            if (spelling.equals(host)) {
                throw e;
            }
            return lookup.addresses(host); // for name services to which the case of letters matters
        }
    }

    /** The name with other letters in upper case for each number. */
    static String spelling(String host, int number) {
        StringBuilder spelling = new StringBuilder(host);
        int letters = 0;
        for (int i = 0; i < host.length() && letters < MAX_LETTERS; i++) {
            char c = host.charAt(i);
            if (c >= 'a' && c <= 'z') {
                if ((number >> letters & 1) != 0) {
                    spelling.setCharAt(i, Character.toUpperCase(c));
                }
                letters++;
            }
        }
        return spelling.toString();
    }

    @CheckForNull
    private synchronized Failures known(String host, long nowNanos) {
        Failures known = failures.get(host);
        if (known != null && nowNanos - known.endedNanos() > keptNanos) {
            failures.remove(host); // the JVM has forgotten it too
            return null;
        }
        return known;
    }

    private synchronized void remember(String host, Failures latest) {
        failures.remove(host);
        failures.put(host, latest);
        if (failures.size() > MAX_NAMES) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    /** How long the JVM remembers a name that was not found. A negative number means for ever. */
    private static long keptNanos(@CheckForNull String seconds) {
        try {
            long kept = seconds == null ? DEFAULT_SECONDS : Long.parseLong(seconds.strip());
            return kept < 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(kept);
        } catch (NumberFormatException e) {
            return TimeUnit.SECONDS.toNanos(DEFAULT_SECONDS);
        }
    }
}
