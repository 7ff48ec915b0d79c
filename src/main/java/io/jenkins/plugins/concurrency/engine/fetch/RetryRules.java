package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.connect.Connection;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NoResponseException;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.fetch.http.RetryAfter;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult.Retry;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.time.Instant;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/**
 * Decides which requests are sent once more within an attempt, and after which responses another attempt makes sense, and
 * when. After which failures of the network one does is said by {@link NetworkFailure}, how many there are by the
 * scheduler. Of one attempt, used under its lock.
 */
final class RetryRules {

    private static final Set<Integer> WORTH_RETRYING = Set.of(408, 425, 429, 500, 502, 503, 504);

    /** How often a request is sent once more on another connection without any sign of life of the server. */
    private static final int MAX_REPEATS = 3;

    private final Network network;
    private int repeats;

    RetryRules(Network network) {
        this.network = network;
    }

    /** Whether another attempt makes sense after a response with an unwanted status. */
    static Retry afterStatus(Response response) {
        return WORTH_RETRYING.contains(response.status())
                ? Retry.after(RetryAfter.parse(response.header("Retry-After"), Instant.now()))
                : Retry.NEVER;
    }

    /**
     * Whether nobody has acted on the request, so that to send it once more is no repetition.
     *
     * @param whole whether nothing that has come belongs to what an earlier attempt had
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
        // the server may have closed an idle connection just when it was used again
        boolean stale = isEnd(cause) && from.isReused() && waiting && (!from.isIssued() || idempotent);
        // what came was left over from another response
        boolean surplus = cause instanceof NoResponseException && from.isReused() && idempotent;
        boolean harmless = refused
                || stale
                || surplus
                || anothers && repeatable
                || cause instanceof RuntimeException && waiting && repeatable;
        if (!harmless) {
            return false;
        }
        if (anothers) {
            return true; // the other one fails, so that this comes to an end
        }
        // a connection that is left takes no more, and each one served somebody: that comes to an end
        Connection connection = from.connection();
        boolean gotOn = left && connection != null && connection.hasServed();
        return gotOn || repeats++ < MAX_REPEATS;
    }

    /**
     * What broke the connection, where all that an exchange hears is that it is closed. Newer versions of HttpCore tell each
     * exchange what broke it, whosever message that was.
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
                || cause.getClass() == SSLException.class // an end without a farewell
                || cause.getClass() == IOException.class; // which the JVM's channels throw for a reset
    }

    private static boolean isReset(Exception cause, H2Error error) {
        return cause instanceof H2StreamResetException reset && reset.getCode() == error.getCode();
    }
}
