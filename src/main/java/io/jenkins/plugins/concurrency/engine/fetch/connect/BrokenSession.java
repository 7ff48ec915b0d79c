package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.reactor.EventMask;
import org.apache.hc.core5.reactor.IOSession;

/** Is told of a broken connection before its exchanges are. Called by the connection's I/O thread. */
final class BrokenSession {

    private static final Logger LOGGER = Logger.getLogger(BrokenSession.class.getName());

    /** A few MiB in all, because one read takes at most 16 KiB. */
    private static final int MAX_READS = 256;

    private BrokenSession() {}

    /**
     * Reads what the other side sent before the connection broke. A server may answer early and close, while a body is
     * still being sent to it. The sender then gets an error, but the answer has arrived.
     */
    static void readRest(IOSession session, Exception cause) {
        if (cause instanceof RuntimeException) {
            LOGGER.log(Level.WARNING, cause, () -> "a connection could not be served");
        }
        if (!(cause instanceof IOException) || cause instanceof SSLException) {
            return;
        }
        try {
            for (int i = 0; i < MAX_READS && isWanted(session); i++) {
                // with TLS, this decrypts and passes on the result
                session.getHandler().inputReady(session, null);
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "that was all", e);
        }
    }

    private static boolean isWanted(IOSession session) {
        return session.isOpen() && (session.getEventMask() & EventMask.READ) != 0;
    }
}
