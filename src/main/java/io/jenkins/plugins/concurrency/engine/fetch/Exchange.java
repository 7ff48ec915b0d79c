package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Connection;
import io.jenkins.plugins.concurrency.engine.fetch.connect.HttpExchange;
import io.jenkins.plugins.concurrency.engine.fetch.connect.KeepAlive;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Lease;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NoResponseException;
import io.jenkins.plugins.concurrency.engine.fetch.http.LocalFileException;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestBody;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/**
 * One request and its response on one connection.
 *
 * <p>The listener is told the end exactly once, unless {@link #abort} was called before. The connection has been given
 * back by then. The connection's I/O thread calls everything but the constructor, {@link #start}, {@link #abort} and
 * {@link #endIfStalled}.
 */
final class Exchange implements HttpExchange, Lease.Taker {

    /** How far an exchange got. */
    enum Phase {
        CONNECTING,
        /** Connected; nothing of the response is there. */
        WAITING,
        /** Something of the response is there, but not its whole head. */
        HEAD,
        BODY
    }

    /** What happens to an exchange. Called by the I/O thread; {@link #failed} also by others. */
    interface Listener {

        /**
         * The head of the response is there.
         *
         * @param entity {@code null} for a response without a body
         * @throws IOException ends the exchange with {@link #failed}
         */
        void responded(Exchange exchange, HttpResponse response, @CheckForNull EntityDetails entity) throws IOException;

        /**
         * More of the body is there.
         *
         * @return false if what is still to come does not matter; the exchange is then complete
         * @throws IOException ends the exchange with {@link #failed}
         */
        boolean received(Exchange exchange, ByteBuffer bytes) throws IOException;

        /**
         * More of the body could come than arrives by itself.
         *
         * @param later called once, by any thread, when there is room for it; only if there is none yet
         * @return whether there is room for it
         */
        boolean hasRoom(Exchange exchange, Runnable later);

        /** The whole response is there. */
        void completed(Exchange exchange);

        /** The response is not whole and won't be. */
        void failed(Exchange exchange, Exception cause);
    }

    private static final int MAX_INTERIM = 100;

    private final RequestSpec hop;
    private final Timeouts timeouts;
    private final IdleTimeoutMonitor stalls;
    private final Listener listener;
    private final Lease lease;
    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile Phase phase = Phase.CONNECTING;
    private volatile Connection connection;
    private volatile RequestBody.Sending sending;
    private volatile EndpointDetails traffic;
    private volatile boolean issued;

    /** When the message under way last made progress, and 0 where none is under way: see {@link System#nanoTime}. */
    private volatile long progressNanos;

    // Of the I/O thread.
    private boolean reused;
    private long receivedBefore;
    private int sinceProgress;
    private int interim;
    private boolean requestSent;
    private int stream;
    private Duration keepAlive = KeepAlive.DEFAULT;

    Exchange(Network network, IdleTimeoutMonitor stalls, RequestSpec hop, Timeouts timeouts, Listener listener) {
        this.lease = network.lease(hop.route(), timeouts.connect(), this);
        this.stalls = stalls;
        this.hop = hop;
        this.timeouts = timeouts;
        this.listener = listener;
    }

    /**
     * Starts.
     *
     * @param fresh whether a connection that was left idle won't do
     */
    void start(boolean fresh) {
        lease.open(fresh);
    }

    /** Aborts; the listener is not called any more. May be called by any thread. */
    void abort() {
        if (ended.compareAndSet(false, true)) {
            breakOff();
        }
    }

    /** Ends the exchange if nothing has moved for too long. Called by the watch. */
    void endIfStalled(long nowNanos) {
        long since = progressNanos;
        if (since == 0 && phase() == Phase.HEAD) {
            progressNanos = nowNanos;
        } else if (since != 0 && nowNanos - since >= timeouts.idle().toNanos() && ended.compareAndSet(false, true)) {
            breakOff();
            listener.failed(this, new IdleTimeoutException());
        }
    }

    RequestSpec hop() {
        return hop;
    }

    Phase phase() {
        if (phase != Phase.WAITING) {
            return phase;
        }
        EndpointDetails counted = traffic;
        boolean begun = counted != null && counted.getReceivedBytesCount() > receivedBefore;
        return begun || connection.isHeadOpen() ? Phase.HEAD : Phase.WAITING;
    }

    /** Whether it fails for what was sent for others on the same connection. */
    boolean isFailedByAnother() {
        return connection != null && connection.isBrokenByAnother(stream);
    }

    /** The connection, once there is one. */
    @CheckForNull
    Connection connection() {
        return connection;
    }

    /**
     * Whether a failure may only mean that the server closed an idle connection just when it was used again. Then the
     * same request on a new connection is no repetition.
     */
    boolean mayBeStaleConnection() {
        return reused && phase() == Phase.WAITING && (!issued || hop.isIdempotent());
    }

    /** Whether what came was left over from another response, so that this request can be sent once more. */
    boolean mayBeSurplus(Exception cause) {
        return reused && cause instanceof NoResponseException && hop.isIdempotent();
    }

    @Override
    public void connected(Connection open, boolean connectionReused) {
        reused = connectionReused;
        connection = open;
        try {
            sending = hop.body() == null ? null : hop.body().open();
        } catch (LocalFileException e) {
            failed(e);
            return;
        }
        phase = Phase.WAITING;
        if (ended.get()) {
            closeSending();
            return;
        }
        if (!timeouts.idle().isZero()) {
            stalls.add(this);
            if (ended.get()) {
                stalls.remove(this); // who ended it may have done so too early
            }
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
    public void notConnected(Exception cause) {
        failed(cause);
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        issued = true;
        EndpointDetails counted = HttpCoreContext.cast(context).getEndpointDetails();
        receivedBefore = counted.getReceivedBytesCount();
        if (hop.body() == null) {
            requestSent = true;
            channel.sendRequest(hop.toRequest(connection), null, context);
        } else {
            progressNanos = System.nanoTime();
            channel.sendRequest(hop.toRequest(connection), new BasicEntityDetails(hop.body().length(), null), context);
        }
        stream = connection.lastStream();
        traffic = connection.isShared() ? null : counted;
    }

    @Override
    public int available() {
        return requestSent || ended.get() ? 0 : Integer.MAX_VALUE;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        if (requestSent) {
            return;
        }
        if (ended.get()) {
            stopSending();
            return;
        }
        try {
            long before = sending.written();
            boolean last = sending.writeTo(channel);
            progressed((int) Math.min(Timeouts.LEAST_BYTES, sending.written() - before));
            if (last) {
                requestSent = true;
                // a response that has begun already is watched as any other
                progressNanos = phase == Phase.WAITING ? 0 : System.nanoTime();
                closeSending();
                channel.endStream();
            }
        } catch (LocalFileException e) {
            failed(e);
            stopSending();
        }
    }

    /** On a shared connection it concerns this stream only: HttpCore resets it for this exception, and for no other. */
    private void stopSending() {
        if (connection.isShared()) {
            throw undeclared(new ProtocolException("the rest of the request is not sent"));
        }
    }

    /** HttpCore's caller is prepared for what its interface does not declare. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> RuntimeException undeclared(Exception cause) throws E {
        throw (E) cause;
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) throws ProtocolException {
        // 1xx responses announce the real one
        interim++;
        if (interim > MAX_INTERIM) {
            throw new ProtocolException("more than " + MAX_INTERIM + " interim responses");
        }
    }

    @Override
    public void consumeResponse(HttpResponse response, @CheckForNull EntityDetails entity, HttpContext context)
            throws IOException {
        phase = Phase.BODY;
        connection.answered(response);
        keepAlive = KeepAlive.of(response);
        progressNanos = System.nanoTime();
        sinceProgress = 0;
        if (!ended.get()) {
            try {
                checkLength(response);
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

    /** With HTTP/1.1 it has been looked at before. */
    private static void checkLength(HttpResponse response) throws MessageConstraintException {
        int left = Connection.MAX_HEAD;
        for (Iterator<Header> all = response.headerIterator(); all.hasNext() && left >= 0; ) {
            Header header = all.next();
            left -= header.getName().length() + (header.getValue() == null ? 0 : header.getValue().length());
        }
        if (left < 0) {
            throw new MessageConstraintException("Maximum length limit exceeded");
        }
    }

    @Override
    public void updateCapacity(CapacityChannel capacity) throws IOException {
        long progressed = progressNanos;
        progressNanos = 0; // while there is no room, it is not the server that stalls
        if (ended.get() || listener.hasRoom(this, () -> goOn(capacity))) {
            progressNanos = progressed;
            // what arrives is dealt with before more is read, so the socket's own window is limit enough
            capacity.update(Integer.MAX_VALUE);
        }
    }

    private void goOn(CapacityChannel capacity) {
        progressNanos = System.nanoTime();
        try {
            capacity.update(Integer.MAX_VALUE);
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public void consume(ByteBuffer bytes) throws IOException {
        progressed(bytes.remaining());
        boolean more = true;
        if (!ended.get()) {
            try {
                more = listener.received(this, bytes);
            } catch (IOException e) {
                failed(e);
            }
        }
        if (!more && ended.compareAndSet(false, true)) {
            letGo();
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
            letGo();
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
        // first the connection, so that whatever the listener starts next finds it in the pool
        stalls.remove(this);
        if (requestSent && !connection.hasSurplus()) {
            lease.release(this, keepAlive);
        } else {
            lease.discard(this);
            closeSending();
        }
        listener.completed(this);
    }

    /** Ends what the I/O thread itself can end: the other streams of a shared connection live on. */
    private void letGo() {
        stalls.remove(this);
        if (connection != null && connection.isShared()) {
            lease.release(this, KeepAlive.DEFAULT);
        } else {
            lease.discard(this);
        }
        closeSending();
    }

    /** Ends an exchange in whatever state it is. */
    private void breakOff() {
        stalls.remove(this);
        lease.discard(this);
        closeSending();
    }

    /** Tells the server of a shared connection that it can stop; any other connection has been closed. */
    private void resetStream() throws H2StreamResetException {
        if (connection.isResettable()) {
            throw new H2StreamResetException(H2Error.CANCEL, "not wanted any more");
        }
    }

    private void progressed(int bytes) {
        sinceProgress += bytes;
        if (sinceProgress >= Timeouts.LEAST_BYTES) {
            sinceProgress = 0;
            progressNanos = System.nanoTime();
        }
    }

    private void closeSending() {
        RequestBody.Sending open = sending;
        if (open != null) {
            open.close();
        }
    }
}
