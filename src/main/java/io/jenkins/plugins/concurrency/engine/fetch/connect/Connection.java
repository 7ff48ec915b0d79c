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
     * @param proxy the proxy that requests are sent to; {@code null} if they reach their server
     */
    Connection(ProtocolIOSession session, @CheckForNull Http2Session http2, @CheckForNull Proxy proxy) {
        this.session = session;
        this.http2 = http2;
        this.proxy = proxy;
    }

    /** Whether many exchanges use it at once. */
    public boolean isShared() {
        return http2 != null;
    }

    /** Whether requests are sent to a proxy, which needs the whole URL. */
    public boolean isProxied() {
        return proxy != null;
    }

    /** The proxy that requests are sent to; {@code null} if they reach their server. */
    @CheckForNull
    Proxy proxy() {
        return proxy;
    }

    /** Who answers, for messages: {@code the proxy …} if requests are sent to one; {@code null} for their server. */
    @CheckForNull
    public String proxyName() {
        return proxy == null ? null : "the proxy " + proxy.origin().hostAndPort();
    }

    /**
     * Tells the proxy the status of a response. A 407 from a proxy must say how to authenticate. A 407 without that
     * comes from a server behind the proxy, and must not block the proxy for others.
     */
    public void answered(HttpResponse response) {
        boolean refusal = response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED;
        if (proxy != null && (!refusal || response.containsHeader(HttpHeaders.PROXY_AUTHENTICATE))) {
            proxy.answered(response.getCode());
        }
    }

    /**
     * Checks the length of a response's head. With HTTP/1.1 this was done before.
     *
     * @throws MessageConstraintException if it is longer than a server may send
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

    /** The value of {@code Proxy-Authorization}; {@code null} for none. */
    @CheckForNull
    public String proxyAuthorization() {
        return proxy == null ? null : proxy.authorization();
    }

    /** The server's violation of HTTP/2 that broke the connection; {@code null} if there was none. */
    @CheckForNull
    public Exception protocolError() {
        return http2 == null ? null : http2.cause();
    }

    /** Whether a message for another running exchange broke the connection. */
    public boolean isBrokenByAnother(int stream) {
        return http2 != null && http2.failedStream() != 0 && http2.failedStream() != stream;
    }

    /** Whether the server of a shared connection has begun to process any request. */
    public boolean hasServed() {
        return http2 != null && http2.hasServed();
    }

    /** Whether the head of a response on a shared connection is incomplete. */
    public boolean isHeadOpen() {
        return http2 != null && http2.isHeadOpen();
    }

    /** Whether an exception of the exchange can reset its stream of a shared connection now. */
    public boolean isResettable() {
        return http2 != null && http2.isResettable();
    }

    /**
     * Whether the server has sent more than the response that is complete now. That would be read as the beginning of
     * the next response (RFC 9112, 6.3). Called by its I/O thread.
     */
    public boolean hasSurplus() {
        return session.getHandler() instanceof Http1Connection plain && plain.hasMore();
    }

    /** The number of the last stream that a shared connection has opened. Called by its I/O thread. */
    public int lastStream() {
        return http2 == null ? 0 : http2.lastOpened();
    }

    /** Whether something has arrived since this time, in milliseconds since the epoch. */
    boolean hasReadSince(long millis) {
        return session.getLastReadTime() >= millis;
    }

    /** Called before an exchange begins. It may be forgotten before it begins. */
    void remember(HttpExchange exchange) {
        if (http2 != null) {
            http2.add(exchange);
        }
    }

    /**
     * Passes an exchange to the I/O thread. All errors are reported to the exchange.
     *
     * @param stream cancels the exchange's stream of a shared connection; {@code null} for any other connection
     */
    void execute(HttpExchange exchange, @CheckForNull CancellableDependency stream) {
        session.enqueue(
                new RequestExecutionCommand(exchange, null, stream, HttpCoreContext.create()), Command.Priority.NORMAL);
    }

    /**
     * Called when an exchange has left its stream of a shared connection before the stream's end.
     *
     * @return whether the connection can be used for more exchanges
     */
    boolean abandon() {
        return http2.abandon();
    }

    /** Called when the exchange has ended. */
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

    /** Called when another exchange begins. Guarded by the pool. */
    void lend() {
        leases++;
    }

    /**
     * Called when an exchange has ended. Guarded by the pool.
     *
     * @return whether it was the last running one
     */
    boolean takeBack() {
        leases--;
        return leases == 0;
    }

    /** Lets no more exchanges begin. Guarded by the pool. */
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

    /** Whether no exchange uses the connection. Guarded by the pool. */
    boolean isIdle() {
        return leases == 0;
    }

    /**
     * Whether no exchange uses the connection, and it was kept for long enough or can't be used. Guarded by the pool.
     */
    boolean isExpired(long nowNanos) {
        return leases == 0 && (!isUsable() || nowNanos - expiresNanos >= 0);
    }

    void close(CloseMode mode) {
        session.close(mode);
    }
}
