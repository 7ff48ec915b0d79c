package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCodingException;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ClientIdentity;
import io.jenkins.plugins.concurrency.engine.fetch.destination.BlockedException;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.LocalFileException;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxyException;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.DurationText;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/**
 * Turns an exception of the network layer into the failure of a branch.
 *
 * @param url the URL of the request
 * @param proxy whom it was sent to, for example {@code the proxy p:3128}; {@code null} for its server
 * @param identity the client certificate of the request
 * @param phase how far the exchange got
 * @param progress for example {@code "after 512 of 1024 bytes"}
 * @param timeouts the limits that applied
 */
record NetworkFailure(
        FetchUrl url,
        @CheckForNull String proxy,
        @CheckForNull ClientIdentity identity,
        ExchangePhase phase,
        String progress,
        Timeouts timeouts) {

    private static final String ALERT = "Received fatal alert: ";

    /** Of the alerts of TLS (RFC 8446, 6.2) those about what neither side will change by itself. */
    private static final Set<String> LASTING_ALERTS = Set.of(
            "handshake_failure", "no_certificate", "bad_certificate", "unsupported_certificate", "certificate_revoked",
            "certificate_expired", "certificate_unknown", "unknown_ca", "access_denied", "protocol_version",
            "insufficient_security", "inappropriate_fallback", "missing_extension", "unsupported_extension",
            "unrecognized_name", "certificate_required", "no_application_protocol");

    /** The result of an attempt that ended with this exception. */
    AttemptResult.Failed of(Exception cause) {
        if (cause instanceof LocalFileException) {
            return AttemptResult.failed(ErrorType.ERROR, cause.getMessage());
        }
        return phase == ExchangePhase.CONNECTING ? connecting(cause) : exchanging(cause);
    }

    private AttemptResult.Failed connecting(Exception thrown) {
        if (thrown instanceof BlockedException) {
            return AttemptResult.permanentFailure(ErrorType.BLOCKED, thrown.getMessage());
        }
        if (thrown instanceof ProxyException refusal && thrown.getCause() == null) {
            return refusal.isPermanent()
                    ? AttemptResult.permanentFailure(ErrorType.CONNECT, thrown.getMessage())
                    : AttemptResult.failed(ErrorType.CONNECT, thrown.getMessage());
        }
        boolean atProxy = thrown instanceof ProxyException;
        return connecting(atProxy ? thrown.getCause() : thrown, atProxy ? thrown.getMessage() : peer());
    }

    private AttemptResult.Failed connecting(Throwable cause, String peer) {
        if (cause instanceof UnknownHostException) {
            return AttemptResult.failed(ErrorType.CONNECT, "unknown host '" + hostOf(peer) + "'");
        }
        if (cause instanceof SocketTimeoutException) {
            return AttemptResult.failed(
                    ErrorType.TIMEOUT, "no connection to " + peer + " within " + DurationText.text(timeouts.connect()));
        }
        if (cause instanceof SSLException) {
            return tls((SSLException) cause);
        }
        if (cause instanceof NoRouteToHostException) {
            return AttemptResult.failed(ErrorType.CONNECT, "no route to " + peer);
        }
        String reason = cause.getMessage() == null ? "" : cause.getMessage();
        if (reason.contains("refused")) {
            return AttemptResult.failed(ErrorType.CONNECT, "connection to " + peer + " refused");
        }
        return AttemptResult.failed(
                ErrorType.CONNECT, "no connection to " + peer + ": " + reasonAfterLastColon(reason));
    }

    private AttemptResult.Failed exchanging(Exception cause) {
        if (cause instanceof MessageConstraintException) {
            return protocol("a response head that is too large: " + cause.getMessage());
        }
        if (cause instanceof MalformedChunkCodingException && !(cause instanceof TruncatedChunkException)) {
            return protocol("a malformed chunked body: " + cause.getMessage());
        }
        if (cause instanceof IdleTimeoutException) {
            return AttemptResult.failed(
                    ErrorType.TIMEOUT,
                    peer() + " stalled " + progress + ": less than 1 KiB within " + DurationText.text(timeouts.idle()));
        }
        if (cause instanceof ContentCodingException coding) {
            AttemptResult.Failed failed = protocol(cause.getMessage());
            return coding.isPermanent() ? AttemptResult.permanentFailure(failed.error().type(), failed.error().message()) : failed;
        }
        if (cause instanceof SSLException) {
            return tls((SSLException) cause);
        }
        if (cause instanceof H2StreamResetException reset) {
            String how = " ended the stream " + progress + " (" + H2Error.getByCode(reset.getCode()) + ")";
            return AttemptResult.failed(ErrorType.CONNECT, peer() + how);
        }
        if (cause instanceof H2ConnectionException) {
            return protocol("data that HTTP/2 does not allow: " + cause.getMessage());
        }
        if (cause instanceof ProtocolException) {
            return protocol(cause.getMessage());
        }
        if (cause instanceof HttpException) {
            return protocol("an invalid response: " + cause.getMessage());
        }
        if (cause instanceof SharedFaultException) {
            return AttemptResult.failed(
                    ErrorType.CONNECT,
                    "connection to " + peer() + " broke " + progress + ", because of data for another request: "
                            + MessageText.line(cause.getCause().getMessage()));
        }
        if (cause instanceof IOException) {
            boolean reset = cause.getMessage() != null && cause.getMessage().contains("reset");
            String how = reset ? " reset " : " closed ";
            return AttemptResult.failed(ErrorType.CONNECT, "connection to " + peer() + how + progress);
        }
        if (phase != ExchangePhase.WAITING) {
            return protocol("a response that the HTTP library can't read (" + cause + ")");
        }
        return AttemptResult.failed(
                ErrorType.CONNECT,
                "connection to " + peer() + " broke " + progress + ": the HTTP library failed ("
                        + MessageText.line(cause.toString()) + ")");
    }

    private AttemptResult.Failed protocol(String what) {
        return AttemptResult.failed(ErrorType.PROTOCOL, peer() + " sent " + MessageText.line(what));
    }

    private AttemptResult.Failed tls(SSLException cause) {
        CertificateException certificate = certificateProblem(cause);
        if (certificate == null) {
            String issuer = identity == null ? null : identity.missingIssuer();
            String message = "TLS with " + peer() + " failed: " + MessageText.line(cause.getMessage())
                    + (issuer == null
                            ? ""
                            : "; the credentials have the certificate alone, without that of its issuer '"
                                    + MessageText.line(issuer) + "'");
            return isPermanent(String.valueOf(cause.getMessage()))
                    ? AttemptResult.permanentFailure(ErrorType.TLS, message)
                    : AttemptResult.failed(ErrorType.TLS, message);
        }
        // the certificate will be the same next time
        return new AttemptResult.Failed(
                new BranchError(ErrorType.TLS, "the certificate of " + peer() + " " + verdict(certificate)),
                AttemptResult.Retry.NEVER,
                Map.of());
    }

    /** Whether the handshake would end in the same way next time, as the JVM's message tells. */
    private static boolean isPermanent(String message) {
        boolean told = message.startsWith(ALERT) && LASTING_ALERTS.contains(message.substring(ALERT.length()).strip());
        return told || message.startsWith("No appropriate protocol");
    }

    @CheckForNull
    private static CertificateException certificateProblem(Throwable cause) {
        CertificateException problem = null;
        int depth = 0;
        for (Throwable link = cause; link != null && depth < 10; link = link.getCause()) {
            if (link instanceof CertificateException) {
                problem = (CertificateException) link;
            }
            depth++;
        }
        return problem;
    }

    private static String verdict(CertificateException problem) {
        if (problem instanceof CertificateExpiredException) {
            return "has expired: " + MessageText.line(problem.getMessage());
        }
        if (problem instanceof CertificateNotYetValidException) {
            return "is not valid yet: " + MessageText.line(problem.getMessage());
        }
        return "is not accepted: " + MessageText.line(problem.getMessage());
    }

    private static String hostOf(String peer) {
        int port = peer.lastIndexOf(':');
        return port > peer.lastIndexOf(']') ? peer.substring(0, port) : peer;
    }

    private String peer() {
        return proxy == null ? url.origin().authority() : proxy;
    }

    private static String reasonAfterLastColon(String message) {
        return MessageText.line(message.substring(message.lastIndexOf(": ") < 0 ? 0 : message.lastIndexOf(": ") + 2));
    }

    /** A connection broke over what its server had sent for another request, or for none. */
    static final class SharedFaultException extends IOException {

        private static final long serialVersionUID = 1L;

        SharedFaultException(Exception cause) {
            super(cause);
        }
    }
}
