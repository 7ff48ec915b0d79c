package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.Proxy;
import java.time.Duration;
import java.util.Iterator;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/** An open connection: for one exchange after the other with HTTP/1.1, for many at once with HTTP/2. Thread-safe. */
public final class Connection {

    private final ProtocolIOSession session;
    private final Proxy proxy;

    /** {@code null} for HTTP/1.1. */
    private final Http2Session http2;

    // Guarded by the pool that the connection belongs to.
    private int leases;
    private boolean retired;
    private long expiresNanos;
    private long idleSinceNanos;

    /**
     * @param http2 {@code null} for HTTP/1.1
     * @param proxy whom requests are sent to instead of to their server; {@code null} where they reach it
     */
    Connection(ProtocolIOSession session, @CheckForNull Http2Session http2, @CheckForNull Proxy proxy) {
        this.session = session;
        this.http2 = http2;
        this.proxy = proxy;
    }

    /** Whether many exchanges share it. */
    public boolean isShared() {
        return http2 != null;
    }

    /** Whether requests go to a proxy, which needs the whole URL. */
    public boolean isProxied() {
        return proxy != null;
    }

    /** Whom requests are sent to; {@code null} where they reach their server. */
    @CheckForNull
    Proxy proxy() {
        return proxy;
    }

    /** Who answers: {@code the proxy …} where requests go to one; {@code null} where they reach their server. */
    @CheckForNull
    public String proxyName() {
        return proxy == null ? null : "the proxy " + proxy.origin().hostAndPort();
    }

    /**
     * Tells the proxy about a response. A proxy's 407 has to name how to authenticate. A 407 without that comes from a
     * server behind the proxy, and must not block the proxy for others.
     */
    public void answered(HttpResponse response) {
        boolean refusal = response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED;
        if (proxy != null && (!refusal || response.containsHeader(HttpHeaders.PROXY_AUTHENTICATE))) {
            proxy.answered(response.getCode());
        }
    }

    /**
     * Looks at the length of a head, which with HTTP/1.1 has been done before.
     *
     * @throws MessageConstraintException if it is more than a server may send
     */
    public static void checkHead(HttpResponse response) throws MessageConstraintException {
        int left = ResponseHeadParser.MAX_HEAD;
        for (Iterator<Header> all = response.headerIterator(); all.hasNext() && left >= 0; ) {
            Header header = all.next();
            left -= header.getName().length() + (header.getValue() == null ? 0 : header.getValue().length());
        }
        if (left < 0) {
            throw new MessageConstraintException("Maximum length limit exceeded");
        }
    }

    /** What a proxy wants as {@code Proxy-Authorization}; {@code null} for nothing. */
    @CheckForNull
    public String proxyAuthorization() {
        return proxy == null ? null : proxy.authorization();
    }

    /** What broke the connection, where that was the server's breach of HTTP/2; {@code null} otherwise. */
    @CheckForNull
    public Exception protocolError() {
        return http2 == null ? null : http2.cause();
    }

    /** Whether what was sent for another exchange under way is what broke the connection. */
    public boolean isBrokenByAnother(int stream) {
        return http2 != null && http2.failedStream() != 0 && http2.failedStream() != stream;
    }

    /** Whether the server of a shared connection has looked at any request. */
    public boolean hasServed() {
        return http2 != null && http2.hasServed();
    }

    /** Whether a shared connection waits for the rest of some response's head. */
    public boolean isHeadOpen() {
        return http2 != null && http2.isHeadOpen();
    }

    /** Whether a stream of a shared connection can be reset by the exception that its exchange throws now. */
    public boolean isResettable() {
        return http2 != null && http2.isResettable();
    }

    /**
     * Whether the server has sent more than the response that is complete now. That would be read as the beginning of
     * the next one (RFC 9112, 6.3). Called by its I/O thread.
     */
    public boolean hasSurplus() {
        return session.getHandler() instanceof Http1Connection plain && plain.hasMore();
    }

    /** The number of the stream that a shared connection opened last; asked by its I/O thread. */
    public int lastStream() {
        return http2 == null ? 0 : http2.lastOpened();
    }

    /** Whether something has arrived since then, milliseconds since the epoch. */
    boolean hasReadSince(long millis) {
        return session.getLastReadTime() >= millis;
    }

    /** An exchange is about to begin, unless it is forgotten before. */
    void remember(HttpExchange exchange) {
        if (http2 != null) {
            http2.add(exchange);
        }
    }

    /**
     * Passes an exchange to the I/O thread; all errors are reported to the exchange.
     *
     * @param stream cancels its stream on a shared connection; {@code null} on any other
     */
    void execute(HttpExchange exchange, @CheckForNull CancellableDependency stream) {
        session.enqueue(
                new RequestExecutionCommand(exchange, null, stream, HttpCoreContext.create()), Command.Priority.NORMAL);
    }

    /**
     * The stream of an exchange on a shared connection has been left before its end.
     *
     * @return whether the connection is good for more
     */
    boolean abandon() {
        return http2.abandon();
    }

    /** The exchange has ended. */
    void forget(HttpExchange exchange) {
        if (http2 != null) {
            http2.remove(exchange);
        }
    }

    /** Whether another exchange can begin. Guarded by the pool. */
    boolean isUsable() {
        if (retired || !session.isOpen() || http2 != null && http2.isGoingAway()) {
            return false;
        }
        IOEventHandler handler = session.getHandler();
        if (handler instanceof Http1Connection plain && leases == 0 && plain.hasSurplus()) {
            return false;
        }
        return !(handler instanceof HttpConnection) || ((HttpConnection) handler).isOpen();
    }

    /** Another exchange begins. Guarded by the pool. */
    void lend() {
        leases++;
    }

    /**
     * An exchange has ended. Guarded by the pool.
     *
     * @return whether it was the last one under way
     */
    boolean takeBack() {
        leases--;
        return leases == 0;
    }

    /** No further exchange begins. Guarded by the pool. */
    void retire() {
        retired = true;
    }

    /** Guarded by the pool. */
    void keepFor(Duration time) {
        idleSinceNanos = System.nanoTime();
        expiresNanos = idleSinceNanos + time.toNanos();
    }

    /** Guarded by the pool. */
    long idleSinceNanos() {
        return idleSinceNanos;
    }

    /** Whether nobody uses it. Guarded by the pool. */
    boolean isIdle() {
        return leases == 0;
    }

    /** Whether nobody uses it and it has been kept for long enough. Guarded by the pool. */
    boolean isExpired(long nowNanos) {
        return leases == 0 && (!isUsable() || nowNanos - expiresNanos >= 0);
    }

    void close(CloseMode mode) {
        session.close(mode);
    }
}
