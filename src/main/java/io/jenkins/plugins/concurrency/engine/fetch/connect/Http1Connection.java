package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandler;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexer;
import org.apache.hc.core5.reactor.EventMask;
import org.apache.hc.core5.reactor.IOSession;

/**
 * HTTP/1.1 on a connection. Reads the response of a server that stops reading the request, and detects data sent after
 * a response.
 */
final class Http1Connection extends ClientHttp1IOEventHandler {

    private final ResponseHeadParser heads;
    private boolean misread;

    Http1Connection(ClientHttp1StreamDuplexer duplexer, ResponseHeadParser heads) {
        super(duplexer);
        this.heads = heads;
    }

    /** Whether data has arrived after a complete response. Called by the I/O thread. */
    boolean hasMore() {
        return heads.hasMore();
    }

    /** Whether data has arrived while no exchange waits for a response. Called by any thread. */
    boolean hasSurplus() {
        return heads.hasBegun();
    }

    @Override
    public void inputReady(IOSession session, ByteBuffer source) throws IOException {
        boolean read = false;
        try {
            super.inputReady(session, source);
            read = true;
        } finally {
            misread |= !read;
        }
    }

    /**
     * With TLS, data is only encrypted here and written later. Until then, a response may arrive, followed by a reset.
     * Some systems drop unread data at a reset. So the response is read before anything is written.
     */
    @Override
    public void outputReady(IOSession session) throws IOException {
        super.outputReady(session);
        boolean goesOn = session.isOpen() && session.getEventMask() == EventMask.READ_WRITE;
        if (goesOn && session.getHandler() != this) {
            session.getHandler().inputReady(session, null);
        }
    }

    @Override
    public void exception(IOSession session, Exception cause) {
        if (!misread) {
            BrokenSession.readRest(session, cause);
        }
        super.exception(session, cause);
    }
}
