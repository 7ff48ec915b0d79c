package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.util.Timeout;

/**
 * The handler of a connection until its TLS handshake is done. Then the negotiated protocol replaces it. The
 * handshake's own callback reports earlier errors. Called by the I/O thread.
 */
final class ProtocolNegotiation implements IOEventHandler {

    static final String HTTP_1 = "http/1.1";
    static final String HTTP_2 = "h2";

    private final ProtocolIOSession session;
    private volatile Http2Session http2;

    ProtocolNegotiation(ProtocolIOSession session) {
        this.session = session;
    }

    /** @return {@code null} for HTTP/1.1, also if no protocol was agreed on */
    @CheckForNull
    Http2Session http2() {
        return http2;
    }

    @Override
    public void connected(IOSession plain) throws IOException {
        TlsDetails tls = session.getTlsDetails();
        IOEventHandler handler;
        if (tls != null && HTTP_2.equals(tls.getApplicationProtocol())) {
            http2 = new Http2Session(session);
            handler = http2.handler();
        } else {
            handler = Http1Protocol.handler(session);
        }
        session.upgrade(handler);
        handler.connected(session);
    }

    @Override
    public void inputReady(IOSession plain, ByteBuffer source) throws IOException {
        throw new SSLHandshakeException("the other side ended it");
    }

    @Override
    public void outputReady(IOSession plain) {
        // nothing to send yet
    }

    @Override
    public void timeout(IOSession plain, Timeout timeout) throws IOException {
        throw new SocketTimeoutException();
    }

    @Override
    public void exception(IOSession plain, Exception cause) {
        plain.close(CloseMode.IMMEDIATE);
    }

    @Override
    public void disconnected(IOSession plain) {
        // the handshake's callback reports it
    }
}
