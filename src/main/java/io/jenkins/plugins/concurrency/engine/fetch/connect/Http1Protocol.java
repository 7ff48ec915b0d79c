package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.http.impl.nio.DefaultHttpRequestWriterFactory;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/** Starts HTTP/1.1 on new connections, with limits on the head of a response. */
final class Http1Protocol {

    /** Adds nothing, because requests are complete. */
    static final HttpProcessor NOTHING_ADDED = HttpProcessorBuilder.create().build();

    /**
     * In bytes; also the size of one read. A small body arrives in one piece, and many connections do not need too much
     * memory.
     */
    private static final int BUFFER = 16 * 1024;

    private static final Http1Config CONFIG = Http1Config.custom()
            .setBufferSize(BUFFER)
            .setMaxLineLength(ResponseHeadParser.MAX_HEAD)
            .setInitialWindowSize(BUFFER)
            .build();

    private Http1Protocol() {}

    /** A tunnel stays open for what follows, whatever its proxy says about connections that carry requests. */
    private static boolean isReusable(@CheckForNull HttpRequest request, HttpResponse response, HttpContext context) {
        boolean tunnel = isTunnel(response) && request != null && Method.CONNECT.isSame(request.getMethod());
        return tunnel || DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context);
    }

    /** Whether a proxy has opened the tunnel that it was asked for (RFC 9110, 9.3.6). */
    static boolean isTunnel(HttpResponse response) {
        return response.getCode() / 100 == 2;
    }

    static IOEventHandler handler(ProtocolIOSession session) {
        ResponseHeadParser heads = new ResponseHeadParser(CONFIG);
        ClientHttp1StreamDuplexerFactory connections = new ClientHttp1StreamDuplexerFactory(
                NOTHING_ADDED,
                CONFIG,
                CharCodingConfig.DEFAULT,
                Http1Protocol::isReusable,
                () -> heads,
                DefaultHttpRequestWriterFactory.INSTANCE,
                null);
        return new Http1Connection(connections.create(session), heads);
    }
}
