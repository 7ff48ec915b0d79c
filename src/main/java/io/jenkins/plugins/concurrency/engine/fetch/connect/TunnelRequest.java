package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ErrorPageText;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.Proxy;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxyException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/** Asks a proxy for a tunnel to a server (CONNECT). Called by the I/O thread. */
final class TunnelRequest implements AsyncClientExchangeHandler {

    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    /** How much of a refusal's error page is read, in bytes. */
    private static final int PAGE = 4 * 1024;

    private final Origin target;
    private final Proxy proxy;
    private final FutureCallback<Void> callback;
    private final AtomicBoolean ended = new AtomicBoolean();

    // Used by the I/O thread only.
    private final ByteArrayOutputStream page = new ByteArrayOutputStream();
    private HttpResponse refusal;

    private TunnelRequest(Origin target, Proxy proxy, FutureCallback<Void> callback) {
        this.target = target;
        this.proxy = proxy;
        this.callback = callback;
    }

    /** @param callback completes when the connection reaches the target */
    static void send(ProtocolIOSession session, Origin target, Proxy proxy, FutureCallback<Void> callback) {
        TunnelRequest request = new TunnelRequest(target, proxy, callback);
        session.enqueue(
                new RequestExecutionCommand(request, null, null, HttpCoreContext.create()), Command.Priority.NORMAL);
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        BasicHttpRequest request = new BasicHttpRequest("CONNECT", null, null, target.hostAndPort());
        request.addHeader("Host", target.hostAndPort());
        if (proxy.authorization() != null) {
            request.addHeader("Proxy-Authorization", proxy.authorization());
        }
        channel.sendRequest(request, null, context);
    }

    @Override
    public void consumeResponse(HttpResponse response, @CheckForNull EntityDetails entity, HttpContext context) {
        proxy.answered(response.getCode());
        if (!Http1Protocol.isTunnel(response)) {
            refusal = response;
            if (entity == null) {
                refused(true);
            }
        } else if (ended.compareAndSet(false, true)) {
            callback.completed(null);
        }
    }

    private void refused(boolean isWhole) {
        int status = refusal.getCode();
        String phrase = status < 600 ? EnglishReasonPhraseCatalog.INSTANCE.getReason(status, Locale.ROOT) : null;
        String text = page.toString(StandardCharsets.UTF_8);
        String answer = "refused to connect to " + target.hostAndPort() + ": HTTP " + status
                + (phrase == null ? "" : " " + phrase)
                + ErrorPageText.afterColon(isWhole || page.size() == 0 ? text : ErrorPageText.cut(text, PAGE));
        fail(new ProxyException(proxy.origin(), answer, status < 500 && !PASSING.contains(status)));
    }

    private void fail(ProxyException cause) {
        if (ended.compareAndSet(false, true)) {
            callback.failed(cause);
        }
    }

    @Override
    public void failed(Exception cause) {
        if (refusal == null) {
            fail(new ProxyException(proxy.origin(), cause));
        } else {
            refused(false);
        }
    }

    @Override
    public void cancel() {
        failed(new IOException("closed the connection"));
    }

    @Override
    public void releaseResources() {
        failed(new IOException("closed the connection"));
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void produce(DataStreamChannel channel) {
        // there is no body
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {
        // the final response follows
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        page.write(piece, 0, Math.min(piece.length, PAGE - page.size()));
        if (page.size() == PAGE) {
            refused(false);
        }
    }

    @Override
    public void streamEnd(List<? extends Header> trailers) {
        if (refusal != null) {
            refused(true);
        }
    }
}
