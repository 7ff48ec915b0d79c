package io.jenkins.plugins.concurrency.engine.fetch;

import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandler;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.http.impl.nio.DefaultHttpRequestWriterFactory;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOEventHandlerFactory;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/**
 * Speaks HTTP/1.1 on new connections, with limits on what a server may send as the head of a response. HTTP/2 would be
 * negotiated here.
 */
final class Http1Protocol implements IOEventHandlerFactory {

    /** In bytes; also what is read at once. Small bodies arrive in one piece, many connections stay affordable. */
    private static final int BUFFER = 16 * 1024;

    private static final int MAX_HEADER_LINE = 32 * 1024;
    private static final int MAX_HEADERS = 200;

    private final ClientHttp1StreamDuplexerFactory connections;

    Http1Protocol() {
        Http1Config config = Http1Config.custom()
                .setBufferSize(BUFFER)
                .setMaxLineLength(MAX_HEADER_LINE)
                .setMaxHeaderCount(MAX_HEADERS)
                .build();
        connections = new ClientHttp1StreamDuplexerFactory(
                // requests come complete, so nothing has to be added to them
                HttpProcessorBuilder.create().build(),
                config,
                CharCodingConfig.DEFAULT,
                DefaultConnectionReuseStrategy.INSTANCE,
                () -> new ResponseHeadParser(config),
                DefaultHttpRequestWriterFactory.INSTANCE,
                null);
    }

    @Override
    public IOEventHandler createHandler(ProtocolIOSession session, Object attachment) {
        return new ClientHttp1IOEventHandler(connections.create(session));
    }
}
