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
import io.jenkins.plugins.concurrency.engine.schedule.DurationText;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/**
 * Turns an exception of the network layer into the error of a branch. {@link RetryRules} decides what follows.
 *
 * @param url the URL of the request
 * @param proxy the proxy that the request was sent to, for example {@code the proxy p:3128}; {@code null} if it was
 *     sent to its server
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

    /** The error of an attempt that ended with this exception. */
    BranchError of(Exception cause) {
        if (cause instanceof LocalFileException) {
            return new BranchError(ErrorType.ERROR, cause.getMessage());
        }
        return phase == ExchangePhase.CONNECTING ? connecting(cause) : exchanging(cause);
    }

    private BranchError connecting(Exception thrown) {
        if (thrown instanceof BlockedException) {
            return new BranchError(ErrorType.BLOCKED, thrown.getMessage());
        }
        if (thrown instanceof ProxyException && thrown.getCause() == null) {
            return new BranchError(ErrorType.CONNECT, thrown.getMessage());
        }
        boolean atProxy = thrown instanceof ProxyException;
        return connecting(atProxy ? thrown.getCause() : thrown, atProxy ? thrown.getMessage() : peer());
    }

    private BranchError connecting(Throwable cause, String peer) {
        if (cause instanceof UnknownHostException) {
            return new BranchError(ErrorType.CONNECT, "unknown host '" + hostOf(peer) + "'");
        }
        if (cause instanceof SocketTimeoutException) {
            return new BranchError(
                    ErrorType.TIMEOUT, "no connection to " + peer + " within " + DurationText.text(timeouts.connect()));
        }
        if (cause instanceof SSLException) {
            return tls((SSLException) cause);
        }
        if (cause instanceof NoRouteToHostException) {
            return new BranchError(ErrorType.CONNECT, "no route to " + peer);
        }
        String reason = cause.getMessage() == null ? "" : cause.getMessage();
        if (reason.contains("refused")) {
            return new BranchError(ErrorType.CONNECT, "connection to " + peer + " refused");
        }
        return new BranchError(
                ErrorType.CONNECT, "no connection to " + peer + ": " + reasonAfterLastColon(reason));
    }

    private BranchError exchanging(Exception cause) {
        if (cause instanceof MessageConstraintException) {
            return protocol("a response head that is too large: " + cause.getMessage());
        }
        if (cause instanceof MalformedChunkCodingException && !(cause instanceof TruncatedChunkException)) {
            return protocol("a malformed chunked body: " + cause.getMessage());
        }
        if (cause instanceof IdleTimeoutMonitor.IdleTimeoutException) {
            return new BranchError(
                    ErrorType.TIMEOUT,
                    peer() + " stalled " + progress + ": less than 1 KiB within " + DurationText.text(timeouts.idle()));
        }
        if (cause instanceof ContentCodingException) {
            return protocol(cause.getMessage());
        }
        if (cause instanceof SSLException) {
            return tls((SSLException) cause);
        }
        if (cause instanceof H2StreamResetException reset) {
            String how = " ended the stream " + progress + " (" + H2Error.getByCode(reset.getCode()) + ")";
            return new BranchError(ErrorType.CONNECT, peer() + how);
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
            return new BranchError(
                    ErrorType.CONNECT,
                    "connection to " + peer() + " broke " + progress + ", because of data for another request: "
                            + MessageText.line(cause.getCause().getMessage()));
        }
        if (cause instanceof IOException) {
            boolean reset = cause.getMessage() != null && cause.getMessage().contains("reset");
            String how = reset ? " reset " : " closed ";
            return new BranchError(ErrorType.CONNECT, "connection to " + peer() + how + progress);
        }
        if (phase != ExchangePhase.WAITING) {
            return protocol("a response that the HTTP library can't read (" + cause + ")");
        }
        return new BranchError(
                ErrorType.CONNECT,
                "connection to " + peer() + " broke " + progress + ": the HTTP library failed ("
                        + MessageText.line(cause.toString()) + ")");
    }

    private BranchError protocol(String what) {
        return new BranchError(ErrorType.PROTOCOL, peer() + " sent " + MessageText.line(what));
    }

    private BranchError tls(SSLException cause) {
        CertificateException certificate = certificateProblem(cause);
        if (certificate == null) {
            String issuer = identity == null ? null : identity.missingIssuer();
            String message = "TLS with " + peer() + " failed: " + MessageText.line(cause.getMessage())
                    + (issuer == null
                            ? ""
                            : "; the credentials have the certificate alone, without that of its issuer '"
                                    + MessageText.line(issuer) + "'");
            return new BranchError(ErrorType.TLS, message);
        }
        return new BranchError(ErrorType.TLS, "the certificate of " + peer() + " " + verdict(certificate));
    }

    /** The exception that says what is wrong with a certificate; {@code null} if TLS failed for another reason. */
    @CheckForNull
    static CertificateException certificateProblem(Throwable cause) {
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

    /** The connection broke because of data that its server sent for another request, or for none. */
    static final class SharedFaultException extends IOException {

        private static final long serialVersionUID = 1L;

        SharedFaultException(Exception cause) {
            super(cause);
        }
    }
}
