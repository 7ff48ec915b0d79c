package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Connection;
import io.jenkins.plugins.concurrency.engine.fetch.connect.HttpExchange;
import io.jenkins.plugins.concurrency.engine.fetch.connect.KeepAlive;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Lease;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.http.LocalFileException;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/**
 * One request and its response on one connection.
 *
 * <p>The listener is told the end exactly once, unless {@link #abort} was called before. The connection has been given
 * back by then. The connection's I/O thread calls everything but the constructor, {@link #start}, {@link #abort} and
 * {@link #endIfStalled}.
 */
final class Exchange implements HttpExchange, Lease.Taker, IdleTimeoutMonitor.Watched {

    /** Receives the events of an exchange. The I/O thread calls it; other threads also call {@link #failed}. */
    interface Listener {

        /**
         * The head of the response has arrived.
         *
         * @param entity {@code null} for a response without a body
         * @throws IOException ends the exchange with {@link #failed}
         */
        void responded(Exchange exchange, HttpResponse response, @CheckForNull EntityDetails entity) throws IOException;

        /**
         * A part of the body has arrived.
         *
         * @return false if the rest of the body is not needed; the exchange is then complete
         * @throws IOException ends the exchange with {@link #failed}
         */
        boolean received(Exchange exchange, ByteBuffer bytes) throws IOException;

        /**
         * Asks whether there is room for more of the body than the connection receives without asking.
         *
         * @param later called once, by any thread, as soon as there is room; not called if there is room now
         * @return whether there is room now
         */
        boolean hasRoom(Exchange exchange, Runnable later);

        /** The whole response has arrived. */
        void completed(Exchange exchange);

        /** The response is incomplete, and the rest will not come. */
        void failed(Exchange exchange, Exception cause);
    }

    private static final int MAX_INTERIM = 100;

    private final RequestSpec requestSpec;
    private final Timeouts timeouts;
    private final IdleTimeoutMonitor stalls;
    private final Listener listener;
    private final Lease lease;
    private final TransferProgress progress = new TransferProgress();
    private final RequestSender sender;
    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile ExchangePhase phase = ExchangePhase.CONNECTING;
    private volatile Connection connection;

    // Used by the I/O thread only.
    private boolean reused;
    private int interim;
    private int stream;
    private Duration keepAlive = KeepAlive.DEFAULT;

    Exchange(Network network, IdleTimeoutMonitor stalls, RequestSpec hop, Timeouts timeouts, Listener listener) {
        this.lease = network.lease(hop.route(), timeouts.connect(), this);
        this.stalls = stalls;
        this.requestSpec = hop;
        this.sender = new RequestSender(hop, progress);
        this.timeouts = timeouts;
        this.listener = listener;
    }

    /**
     * Starts the exchange.
     *
     * @param fresh whether a new connection is needed, so that no idle one is used
     */
    void start(boolean fresh) {
        lease.open(fresh);
    }

    /** Aborts the exchange. The listener is not called any more. May be called by any thread. */
    void abort() {
        if (ended.compareAndSet(false, true)) {
            terminate();
        }
    }

    @Override
    public void endIfStalled(long nowNanos) {
        if (progress.isStopped() && phase() == ExchangePhase.HEAD) {
            progress.resume(nowNanos);
        } else if (progress.hasStalled(nowNanos, timeouts.idle()) && ended.compareAndSet(false, true)) {
            terminate();
            listener.failed(this, new IdleTimeoutMonitor.IdleTimeoutException());
        }
    }

    RequestSpec requestSpec() {
        return requestSpec;
    }

    ExchangePhase phase() {
        if (phase != ExchangePhase.WAITING) {
            return phase;
        }
        return sender.hasAnswer() || connection.isHeadOpen() ? ExchangePhase.HEAD : ExchangePhase.WAITING;
    }

    /** The connection; {@code null} before there is one. */
    @CheckForNull
    Connection connection() {
        return connection;
    }

    /** Whether the connection has served another exchange before, or was idle. The server may have closed it by now. */
    boolean isReused() {
        return reused;
    }

    /** Whether a part of the request may have been sent. */
    boolean isIssued() {
        return sender.isIssued();
    }

    @Override
    public void connected(Connection open, boolean connectionReused) {
        reused = connectionReused;
        connection = open;
        try {
            sender.open();
        } catch (LocalFileException e) {
            failed(e);
            return;
        }
        phase = ExchangePhase.WAITING;
        if (ended.get()) {
            sender.close();
            return;
        }
        if (!timeouts.idle().isZero()) {
            stalls.add(this);
        }
        lease.execute(this);
    }

    @Override
    public int stream() {
        return stream;
    }

    @Override
    public boolean hasEnded() {
        return ended.get();
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        sender.sendHead(connection, channel, context);
        stream = connection.lastStream();
    }

    @Override
    public int available() {
        return sender.isDone() || ended.get() ? 0 : Integer.MAX_VALUE;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        if (sender.isDone()) {
            return;
        }
        if (ended.get()) {
            sender.abandon(connection);
            return;
        }
        try {
            sender.sendMore(channel, phase != ExchangePhase.WAITING);
        } catch (LocalFileException e) {
            failed(e);
            sender.abandon(connection);
        }
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) throws ProtocolException {
        // 1xx responses come before the final response
        if (++interim > MAX_INTERIM) {
            throw new ProtocolException("more than " + MAX_INTERIM + " interim responses");
        }
    }

    @Override
    public void consumeResponse(HttpResponse response, @CheckForNull EntityDetails entity, HttpContext context)
            throws IOException {
        phase = ExchangePhase.BODY;
        connection.answered(response);
        keepAlive = KeepAlive.of(response);
        progress.beginBody();
        if (!ended.get()) {
            try {
                Connection.checkHead(response);
                listener.responded(this, response, entity);
            } catch (IOException e) {
                failed(e);
                resetStream();
                return;
            }
        }
        if (entity == null) {
            complete();
        }
    }

    @Override
    public void updateCapacity(CapacityChannel capacity) throws IOException {
        long paused = progress.pause(); // while there is no room, the server does not stall
        if (ended.get() || listener.hasRoom(this, () -> proceed(capacity))) {
            progress.resume(paused);
            // each part is processed before more is read, so the window of TCP is a sufficient limit
            capacity.update(Integer.MAX_VALUE);
        }
    }

    private void proceed(CapacityChannel capacity) {
        progress.begin();
        try {
            capacity.update(Integer.MAX_VALUE);
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public void consume(ByteBuffer bytes) throws IOException {
        progress.transferred(bytes.remaining());
        boolean more = true;
        if (!ended.get()) {
            try {
                more = listener.received(this, bytes);
            } catch (IOException e) {
                failed(e);
            }
        }
        if (!more && ended.compareAndSet(false, true)) {
            endStream();
            listener.completed(this);
        }
        bytes.position(bytes.limit());
        if (ended.get()) {
            resetStream();
        }
    }

    @Override
    public void streamEnd(List<? extends Header> trailers) {
        complete();
    }

    @Override
    public void failed(Exception cause) {
        if (ended.compareAndSet(false, true)) {
            endStream();
            listener.failed(this, cause);
        }
    }

    @Override
    public void goneAway(int lastStream) {
        if (stream > lastStream) {
            failed(new RequestNotExecutedException());
        }
    }

    @Override
    public void cancel() {
        failed(new RequestNotExecutedException());
    }

    @Override
    public void releaseResources() {
        failed(new ConnectionClosedException());
    }

    private void complete() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        // release the connection first: what the listener starts next can then use it
        stalls.remove(this);
        if (sender.isDone() && !connection.hasSurplus()) {
            lease.release(this, keepAlive);
        } else {
            lease.discard(this);
            sender.close();
        }
        listener.completed(this);
    }

    /** Ends the exchange, on its I/O thread. The other streams of a shared connection go on. */
    private void endStream() {
        stalls.remove(this);
        lease.endExchange(this);
        sender.close();
    }

    /** Ends the exchange in any state. */
    private void terminate() {
        stalls.remove(this);
        lease.discard(this);
        sender.close();
    }

    /** Tells the server of a shared connection to stop sending. Any other connection has been closed already. */
    private void resetStream() throws H2StreamResetException {
        if (connection.isResettable()) {
            throw new H2StreamResetException(H2Error.CANCEL, "not wanted any more");
        }
    }
}
