package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * One request and its response on one connection.
 *
 * <p>The listener hears of the end exactly once, unless {@link #abort} came before it. After that the connection has
 * been given back. All but the constructor, {@link #start} and {@link #abort} is called by the connection's I/O
 * thread.
 */
final class Exchange implements AsyncClientExchangeHandler, Lease.Taker {

    /** How far an exchange got. */
    enum Phase {
        CONNECTING,
        /** Connected; nothing of the response is there. */
        WAITING,
        /** Something of the response is there, but not its whole head. */
        HEAD,
        BODY
    }

    /** What happens to an exchange. Called by the I/O thread; {@link #failed} also within {@link Exchange#start}. */
    interface Listener {

        /**
         * The head of the response is there.
         *
         * @param entity {@code null} for a response without a body
         * @throws IOException ends the exchange with {@link #failed}
         */
        void responded(@NonNull Exchange exchange, @NonNull HttpResponse response, @CheckForNull EntityDetails entity)
                throws IOException;

        /**
         * More of the body is there.
         *
         * @throws IOException ends the exchange with {@link #failed}
         */
        void received(@NonNull Exchange exchange, @NonNull ByteBuffer bytes) throws IOException;

        /** The whole response is there. */
        void completed(@NonNull Exchange exchange);

        /** The response is not whole and won't be. */
        void failed(@NonNull Exchange exchange, @NonNull Exception cause);
    }

    private final HttpReactor reactor;
    private final Hop hop;
    private final Listener listener;
    private final AtomicBoolean ended = new AtomicBoolean();

    private final Lease lease;
    private volatile Phase phase = Phase.CONNECTING;

    // Of the I/O thread.
    private boolean reused;
    private EndpointDetails connection;
    private long receivedBefore;
    private boolean requestSent;
    private volatile RequestBody.Sending sending;
    private TimeValue keepAlive = KeepAlive.DEFAULT;

    Exchange(@NonNull HttpReactor reactor, @NonNull Hop hop, @NonNull Listener listener) {
        this.reactor = reactor;
        this.lease = reactor.newLease();
        this.hop = hop;
        this.listener = listener;
    }

    /**
     * Starts.
     *
     * @param fresh whether to insist on a new connection
     */
    void start(@NonNull Timeout connectTimeout, boolean fresh) {
        reactor.open(lease, hop.url(), connectTimeout, fresh, this);
    }

    /** Closes the connection; the listener hears no more. May be called by any thread. */
    void abort() {
        if (ended.compareAndSet(false, true)) {
            lease.discard();
            closeSending();
        }
    }

    @NonNull
    Hop hop() {
        return hop;
    }

    @NonNull
    Phase phase() {
        if (phase == Phase.WAITING && connection != null && connection.getReceivedBytesCount() > receivedBefore) {
            return Phase.HEAD;
        }
        return phase;
    }

    /**
     * Whether a failure may be no more than the server's closing an idle connection just when it was used again, so
     * that the same request on a new connection is no repetition to anybody.
     */
    boolean mayBeStaleConnection() {
        return reused && phase() == Phase.WAITING && (connection == null || hop.isIdempotent());
    }

    @Override
    public void connected(boolean connectionReused) {
        reused = connectionReused;
        phase = Phase.WAITING;
        try {
            lease.execute(this);
        } catch (RuntimeException e) {
            // the connection was closed between the grant and now
            failed(new ConnectionClosedException());
        }
    }

    @Override
    public void notConnected(Exception cause) {
        failed(cause);
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        connection = HttpCoreContext.cast(context).getEndpointDetails();
        receivedBefore = connection.getReceivedBytesCount();
        RequestBody body = hop.body();
        if (body == null) {
            requestSent = true;
            channel.sendRequest(hop.toRequest(), null, context);
        } else {
            sending = body.open();
            channel.sendRequest(
                    hop.toRequest(), new BasicEntityDetails(body.length(), null), context);
        }
    }

    @Override
    public int available() {
        return requestSent ? 0 : Integer.MAX_VALUE;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        if (!requestSent && !ended.get() && sending.writeTo(channel)) {
            requestSent = true;
            closeSending();
            channel.endStream();
        }
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {
        // 1xx responses announce the real one
    }

    @Override
    public void consumeResponse(HttpResponse response, EntityDetails entity, HttpContext context) throws IOException {
        phase = Phase.BODY;
        keepAlive = KeepAlive.of(response);
        if (!ended.get()) {
            listener.responded(this, response, entity);
        }
        if (entity == null) {
            complete();
        }
    }

    @Override
    public void updateCapacity(CapacityChannel capacity) throws IOException {
        // what arrives is dealt with before more is read, so the socket's own window is limit enough
        capacity.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer bytes) throws IOException {
        if (ended.get()) {
            bytes.position(bytes.limit());
        } else {
            listener.received(this, bytes);
        }
    }

    @Override
    public void streamEnd(List<? extends Header> trailers) {
        complete();
    }

    @Override
    public void failed(Exception cause) {
        if (ended.compareAndSet(false, true)) {
            lease.discard();
            closeSending();
            listener.failed(this, cause);
        }
    }

    @Override
    public void cancel() {
        failed(new ConnectionClosedException());
    }

    @Override
    public void releaseResources() {
        failed(new ConnectionClosedException());
    }

    private void complete() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        // first the connection, so that whatever the listener starts next finds it in the pool
        if (requestSent) {
            lease.release(keepAlive);
        } else {
            lease.discard();
            closeSending();
        }
        listener.completed(this);
    }

    private void closeSending() {
        RequestBody.Sending open = sending;
        if (open != null) {
            open.close();
        }
    }
}
