package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.frame.DefaultFrameFactory;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.impl.nio.ClientH2IOEventHandler;
import org.apache.hc.core5.http2.impl.nio.ClientH2StreamMultiplexer;
import org.apache.hc.core5.http2.impl.nio.H2StreamListener;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/**
 * HTTP/2 on one connection. Detects what HttpCore's multiplexer does not report to exchanges: which requests a server
 * that closes the connection has not processed, and why a connection broke. The I/O thread writes the fields.
 */
final class Http2Session implements H2StreamListener {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * In bytes. The server may send so much of a body without being asked. An exchange is asked for more room when half
     * of it has arrived.
     */
    private static final int WINDOW = 128 * 1024;

    /**
     * In bytes, as HPACK counts them. A head above this limit breaks the connection, because no other head can be read
     * after it. A head between {@link ResponseHeadParser#MAX_HEAD} and this limit fails only its own exchange.
     */
    private static final int MAX_HEADER_LIST = 4 * ResponseHeadParser.MAX_HEAD;

    private static final H2Config CONFIG = H2Config.custom()
            .setPushEnabled(false)
            .setInitialWindowSize(WINDOW)
            .setMaxHeaderListSize(MAX_HEADER_LIST)
            .setMaxContinuations(16)
            .build();

    private final IOEventHandler handler;
    /** The most streams without an end that no exchange waits for. They count against the server's limit. */
    private static final int MAX_ABANDONED = 4;

    private final AtomicInteger abandoned = new AtomicInteger();
    private final Set<HttpExchange> exchanges = ConcurrentHashMap.newKeySet();
    private volatile boolean goingAway;
    private volatile boolean headOpen;
    private volatile boolean served;
    private volatile Exception cause;
    private volatile int failedStream;
    private int lastOpened;

    /** The stream of the frame that is being processed; 0 for none. */
    private int reading;

    /** Whether that frame continues a head. */
    private boolean continuing;

    Http2Session(ProtocolIOSession session) {
        handler = new Handler(new ClientH2StreamMultiplexer(
                CancelledRequestFilter.of(session),
                DefaultFrameFactory.INSTANCE,
                Http1Protocol.NOTHING_ADDED,
                null,
                CONFIG,
                CharCodingConfig.DEFAULT,
                this));
    }

    /** Handles the connection's I/O, once both sides have agreed on HTTP/2. */
    IOEventHandler handler() {
        return handler;
    }

    void add(HttpExchange exchange) {
        exchanges.add(exchange);
    }

    void remove(HttpExchange exchange) {
        exchanges.remove(exchange);
    }

    /**
     * Called when a stream was left before its end. The server learns of it when it continues the stream.
     *
     * @return whether the connection can be used for more exchanges
     */
    boolean abandon() {
        return abandoned.incrementAndGet() <= MAX_ABANDONED;
    }

    /** Whether the server accepts no more streams. */
    boolean isGoingAway() {
        return goingAway;
    }

    /** Whether the server has begun to process any request. */
    boolean hasServed() {
        return served;
    }

    /** Whether a head is incomplete. Before its end, nothing else can arrive for any stream. */
    boolean isHeadOpen() {
        return headOpen;
    }

    /** What broke the connection; {@code null} if the other side closed it, or it is not broken. */
    @CheckForNull
    Exception cause() {
        return cause;
    }

    /** The stream of the running exchange whose message broke the connection; 0 if it was no exchange's message. */
    int failedStream() {
        return failedStream;
    }

    /** Whether a stream can be reset for the frame that is being processed. Called by the I/O thread. */
    boolean isResettable() {
        return !continuing; // HttpCore would take the next frame for the rest of the same head
    }

    /** The last stream that was opened. Called by the I/O thread. */
    int lastOpened() {
        return lastOpened;
    }

    @Override
    public void onHeaderOutput(HttpConnection connection, int streamId, List<? extends Header> headers) {
        lastOpened = streamId;
    }

    @Override
    public void onHeaderInput(HttpConnection connection, int streamId, List<? extends Header> headers) {
        served = true;
    }

    @Override
    public void onFrameInput(HttpConnection connection, int streamId, RawFrame frame) {
        reading = streamId;
        continuing = frame.isType(FrameType.CONTINUATION);
        if (frame.isType(FrameType.HEADERS) || frame.isType(FrameType.CONTINUATION)) {
            headOpen = !frame.isFlagSet(FrameFlag.END_HEADERS);
        }
        ByteBuffer payload = frame.getPayload();
        if (frame.isType(FrameType.GOAWAY) && payload != null && payload.remaining() >= Long.BYTES) {
            goingAway = true;
            int last = payload.getInt(payload.position()) & Integer.MAX_VALUE;
            served |= last > 0;
            exchanges.forEach(exchange -> exchange.goneAway(last));
        }
    }

    @Override
    public void onFrameOutput(HttpConnection connection, int streamId, RawFrame frame) {
        // not needed
    }

    @Override
    public void onInputFlowControl(HttpConnection connection, int streamId, int delta, int actualSize) {
        // the multiplexer does this
    }

    @Override
    public void onOutputFlowControl(HttpConnection connection, int streamId, int delta, int actualSize) {
        // the multiplexer does this
    }

    /** Sends the preface first. Remembers errors before exchanges learn that the connection is closed. */
    private final class Handler extends ClientH2IOEventHandler {

        private final ClientH2StreamMultiplexer streams;

        Handler(ClientH2StreamMultiplexer streams) {
            super(streams);
            this.streams = streams;
        }

        @Override
        public void connected(IOSession session) throws IOException {
            // the first bytes of a connection always fit in its buffers
            session.write(ByteBuffer.wrap(PREFACE));
            super.connected(session);
        }

        @Override
        public void inputReady(IOSession session, ByteBuffer source) throws IOException {
            try {
                streams.onInput(source);
                reading = 0;
            } catch (HttpException e) {
                broke(e);
                streams.onException(e);
            }
        }

        @Override
        public void exception(IOSession session, Exception thrown) {
            boolean writing = reading == 0 && cause == null;
            broke(thrown);
            if (writing) {
                BrokenSession.readRest(session, thrown);
            }
            super.exception(session, thrown);
        }

        private void broke(Exception thrown) {
            if (cause == null) {
                boolean known = exchanges.stream().anyMatch(exchange -> exchange.stream() == reading);
                failedStream = known ? reading : 0;
                cause = thrown;
            }
            reading = 0;
        }
    }

    /**
     * Sessions whose queue drops cancelled requests. HttpCore queues requests while the server allows no more streams,
     * and would send a cancelled one later.
     */
    private static final class CancelledRequestFilter {

        private static final Class<?>[] SESSION = {ProtocolIOSession.class};

        private CancelledRequestFilter() {}

        /** The same session with another queue. */
        static ProtocolIOSession of(ProtocolIOSession session) {
            return (ProtocolIOSession) Proxy.newProxyInstance(
                    ProtocolIOSession.class.getClassLoader(), SESSION, (proxy, method, arguments) -> switch (method.getName()) {
                        case "poll" -> next(session);
                        case "equals" -> proxy == arguments[0];
                        default -> invoke(method, session, arguments);
                    });
        }

        @CheckForNull
        private static Command next(ProtocolIOSession session) {
            Command next = session.poll();
            while (next instanceof RequestExecutionCommand request
                    && request.getExchangeHandler() instanceof HttpExchange exchange
                    && exchange.hasEnded()) {
                next = session.poll();
            }
            return next;
        }

        @CheckForNull
        private static Object invoke(Method method, ProtocolIOSession session, Object[] arguments) throws Throwable {
            try {
                return method.invoke(session, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
