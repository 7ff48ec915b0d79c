package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.body.BodySink;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCodingException;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Connection;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ResponseHeadParser;
import io.jenkins.plugins.concurrency.engine.fetch.destination.BlockedException;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.fetch.http.RetryAfter;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxyException;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult.Retry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/**
 * Decides which requests are sent once more within an attempt, and after which responses and failures another attempt
 * makes sense, and when. The scheduler decides how many attempts there are. Belongs to one attempt and is used under
 * its lock.
 */
final class RetryRules {

    private static final Set<Integer> WORTH_RETRYING = Set.of(408, 425, 429, 500, 502, 503, 504);

    /** With these a server says that it has too much to do. */
    private static final Set<Integer> REFUSALS = Set.of(429, 503);

    private static final String ALERT = "Received fatal alert: ";

    /** TLS alerts (RFC 8446, 6.2) whose cause stays the same unless somebody changes something at one side. */
    private static final Set<String> PERMANENT_ALERTS = Set.of(
            "handshake_failure", "no_certificate", "bad_certificate", "unsupported_certificate", "certificate_revoked",
            "certificate_expired", "certificate_unknown", "unknown_ca", "access_denied", "protocol_version",
            "insufficient_security", "inappropriate_fallback", "missing_extension", "unsupported_extension",
            "unrecognized_name", "certificate_required", "no_application_protocol");

    /** How often a request is sent again on another connection if the server shows no sign that it works. */
    private static final int MAX_REPEATS = 3;

    private final Network network;
    private int repeats;

    RetryRules(Network network) {
        this.network = network;
    }

    /** Whether and when to try again after a response with an unwanted status. */
    static Retry afterStatus(Response response) {
        if (!WORTH_RETRYING.contains(response.status())) {
            return Retry.NEVER;
        }
        Duration pause = RetryAfter.parse(response.header("Retry-After"), Instant.now());
        return new Retry(true, pause, true, REFUSALS.contains(response.status()));
    }

    /** Whether to try again after a failure. False if the next attempt would end in the same way. */
    static Retry afterFailure(Exception failure, ExchangePhase phase) {
        Throwable cause = failure instanceof ProxyException && failure.getCause() != null ? failure.getCause() : failure;
        boolean permanent = cause instanceof BlockedException
                || cause instanceof BodySink.TooLargeException
                || cause instanceof ProxyException refusal && refusal.isPermanent()
                || cause instanceof ContentCodingException coding && coding.isPermanent()
                || cause instanceof SSLException && isPermanent((SSLException) cause);
        boolean refused = phase == ExchangePhase.CONNECTING
                && (cause instanceof ConnectException || cause instanceof SocketTimeoutException);
        return permanent ? Retry.NEVER : refused ? Retry.REFUSED : Retry.SENSIBLE;
    }

    /** A wrong certificate stays wrong. Other causes are known only from the JVM's message. */
    private static boolean isPermanent(SSLException failure) {
        String message = String.valueOf(failure.getMessage());
        int alert = message.indexOf(ALERT); // Java 25 has the alert's name in parentheses before it
        return NetworkFailure.certificateProblem(failure) != null
                || alert >= 0 && PERMANENT_ALERTS.contains(message.substring(alert + ALERT.length()).strip())
                || message.contains("No appropriate protocol");
    }

    /**
     * Whether nobody has acted on the request. It can then be sent again safely.
     *
     * @param whole whether no part of the body is from an earlier attempt
     */
    boolean mayBeSentAgain(Exchange from, Exception cause, boolean whole) {
        boolean left = cause instanceof RequestNotExecutedException;
        boolean refused = left || isReset(cause, H2Error.REFUSED_STREAM);
        if (isReset(cause, H2Error.HTTP_1_1_REQUIRED)) {
            network.fallBackToHttp1(from.requestSpec().route());
            refused = true;
        }
        boolean anothers = cause instanceof NetworkFailure.SharedFaultException;
        boolean idempotent = from.requestSpec().isIdempotent();
        boolean repeatable = idempotent && whole;
        boolean waiting = from.phase() == ExchangePhase.WAITING;
        // the server may have closed the idle connection just when it was used again
        boolean stale = isEnd(cause) && from.isReused() && waiting && (!from.isIssued() || idempotent);
        // the received bytes were left over from another response
        boolean surplus = cause instanceof ResponseHeadParser.NoResponseException && from.isReused() && idempotent;
        boolean harmless = refused
                || stale
                || surplus
                || anothers && repeatable
                || cause instanceof RuntimeException && waiting && repeatable;
        if (!harmless) {
            return false;
        }
        if (anothers) {
            return true; // the other request fails, so this does not go on forever
        }
        // a closing connection takes no more requests, but has served at least one: so this comes to an end
        Connection connection = from.connection();
        boolean gotOn = left && connection != null && connection.hasServed();
        return gotOn || repeats++ < MAX_REPEATS;
    }

    /**
     * The real cause of a failure. An exchange often learns only that the connection is closed. Newer versions of
     * HttpCore tell each exchange what broke the connection, whichever exchange that message was for.
     */
    static Exception reason(Exchange from, Exception reported) {
        Connection connection = from.connection();
        Exception protocolError = connection == null ? null : connection.protocolError();
        boolean closed = reported instanceof ConnectionClosedException && !(reported instanceof RequestNotExecutedException);
        if (protocolError == null || !closed && reported != protocolError) {
            return reported;
        }
        boolean another = connection.isBrokenByAnother(from.stream());
        return isEnd(protocolError) || !another ? protocolError : new NetworkFailure.SharedFaultException(protocolError);
    }

    private static boolean isEnd(Exception cause) {
        return cause instanceof ConnectionClosedException
                || cause instanceof SocketException
                || cause instanceof ClosedChannelException
                || cause.getClass() == SSLException.class // an end without close_notify
                || cause.getClass() == IOException.class; // the JVM's channels throw it for a reset
    }

    private static boolean isReset(Exception cause, H2Error error) {
        return cause instanceof H2StreamResetException reset && reset.getCode() == error.getCode();
    }
}
