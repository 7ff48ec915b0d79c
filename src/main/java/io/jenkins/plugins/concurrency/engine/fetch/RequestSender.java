package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.connect.Connection;
import io.jenkins.plugins.concurrency.engine.fetch.http.LocalFileException;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestBody;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import java.io.IOException;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/** Sends one request, with its body if it has one. Called by the I/O thread; {@link #close} by any. */
final class RequestSender {

    private final RequestSpec request;
    private final TransferProgress progress;
    private volatile RequestBody.Sending body;
    private volatile boolean issued;

    /** The byte counts of the connection; {@code null} if it is shared. */
    private volatile EndpointDetails traffic;

    private long receivedBefore;
    private boolean done;

    RequestSender(RequestSpec request, TransferProgress progress) {
        this.request = request;
        this.progress = progress;
    }

    /** Whether a part of the request may have been sent. Called by any thread. */
    boolean isIssued() {
        return issued;
    }

    /**
     * Whether something has arrived since the request was sent. Always false on a shared connection. Called by any
     * thread.
     */
    boolean hasAnswer() {
        EndpointDetails counted = traffic;
        return counted != null && counted.getReceivedBytesCount() > receivedBefore;
    }

    /** Whether the whole request has been sent. */
    boolean isDone() {
        return done;
    }

    /** @throws LocalFileException if the file to send can't be read */
    void open() throws LocalFileException {
        body = request.body() == null ? null : request.body().open();
    }

    void sendHead(Connection connection, RequestChannel channel, HttpContext context) throws HttpException, IOException {
        issued = true;
        EndpointDetails counted = HttpCoreContext.cast(context).getEndpointDetails();
        receivedBefore = counted.getReceivedBytesCount();
        if (request.body() == null) {
            done = true;
            channel.sendRequest(request.toRequest(connection), null, context);
        } else {
            progress.begin();
            channel.sendRequest(
                    request.toRequest(connection), new BasicEntityDetails(request.body().length(), null), context);
        }
        traffic = connection.isShared() ? null : counted;
    }

    /** @param answered whether the response has begun; once the request is sent, the response is watched for stalls */
    void sendMore(DataStreamChannel channel, boolean answered) throws IOException {
        long before = body.written();
        boolean last = body.writeTo(channel);
        progress.transferred((int) Math.min(Timeouts.LEAST_BYTES, body.written() - before));
        if (last) {
            done = true;
            if (answered) {
                progress.begin();
            } else {
                progress.stop();
            }
            close();
            channel.endStream();
        }
    }

    /**
     * Stops sending. On a shared connection it ends only this stream: HttpCore resets a stream for this exception, and
     * for no other one.
     */
    void abandon(Connection connection) {
        if (connection.isShared()) {
            throw undeclared(new ProtocolException("the rest of the request is not sent"));
        }
    }

    /** Throws an exception that HttpCore's interface does not declare. HttpCore's caller can handle it. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> RuntimeException undeclared(Exception cause) throws E {
        throw (E) cause;
    }

    void close() {
        RequestBody.Sending open = body;
        if (open != null) {
            open.close();
        }
    }
}
