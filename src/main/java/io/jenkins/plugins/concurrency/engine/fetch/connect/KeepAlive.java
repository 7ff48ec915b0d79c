package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.time.Duration;
import java.util.Locale;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;

/** How long an idle connection is kept. */
public final class KeepAlive {

    /** Shorter than the idle timeouts of the usual servers. */
    public static final Duration DEFAULT = Duration.ofSeconds(30);

    private static final String TIMEOUT = "timeout=";

    private KeepAlive() {}

    /** The time that the server announces in {@code Keep-Alive: timeout=…}, at most {@link #DEFAULT}. */
    public static Duration of(HttpResponse response) {
        for (Header header : response.getHeaders("Keep-Alive")) {
            String value = header.getValue() == null ? "" : header.getValue();
            for (String parameter : value.toLowerCase(Locale.ROOT).split(",")) {
                String text = parameter.strip();
                if (text.startsWith(TIMEOUT)) {
                    return atMostDefault(text.substring(TIMEOUT.length()));
                }
            }
        }
        return DEFAULT;
    }

    private static Duration atMostDefault(String seconds) {
        try {
            // one second less than the server, so that it does not close the connection while we send a request
            long millis = Math.max(1, Long.parseLong(seconds.strip()) * 1_000 - 1_000);
            return Duration.ofMillis(Math.min(millis, DEFAULT.toMillis()));
        } catch (NumberFormatException e) {
            return DEFAULT;
        }
    }
}
