package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.concurrent.locks.Lock;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLSessionInitializer;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;

/**
 * A session whose queue gives out no request that nobody waits for any more. Requests stay in it while as many streams
 * are open as the server allows, and HttpCore would send one of them when its turn comes whatever has become of it.
 */
final class WantedCommands implements ProtocolIOSession {

    private final ProtocolIOSession session;

    WantedCommands(ProtocolIOSession session) {
        this.session = session;
    }

    @Override
    public Command poll() {
        Command next = session.poll();
        while (next instanceof RequestExecutionCommand request
                && request.getExchangeHandler() instanceof HttpExchange exchange
                && exchange.hasEnded()) {
            next = session.poll();
        }
        return next;
    }

    @Override
    public IOEventHandler getHandler() {
        return session.getHandler();
    }

    @Override
    public void upgrade(IOEventHandler handler) {
        session.upgrade(handler);
    }

    @Override
    public Lock getLock() {
        return session.getLock();
    }

    @Override
    public void enqueue(Command command, Command.Priority priority) {
        session.enqueue(command, priority);
    }

    @Override
    public boolean hasCommands() {
        return session.hasCommands();
    }

    @Override
    public ByteChannel channel() {
        return session.channel();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return session.getRemoteAddress();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return session.getLocalAddress();
    }

    @Override
    public int getEventMask() {
        return session.getEventMask();
    }

    @Override
    public void setEventMask(int operations) {
        session.setEventMask(operations);
    }

    @Override
    public void setEvent(int operation) {
        session.setEvent(operation);
    }

    @Override
    public void clearEvent(int operation) {
        session.clearEvent(operation);
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public void close(CloseMode mode) {
        session.close(mode);
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public Status getStatus() {
        return session.getStatus();
    }

    @Override
    public Timeout getSocketTimeout() {
        return session.getSocketTimeout();
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        session.setSocketTimeout(timeout);
    }

    @Override
    public long getLastReadTime() {
        return session.getLastReadTime();
    }

    @Override
    public long getLastWriteTime() {
        return session.getLastWriteTime();
    }

    @Override
    public long getLastEventTime() {
        return session.getLastEventTime();
    }

    @Override
    public void updateReadTime() {
        session.updateReadTime();
    }

    @Override
    public void updateWriteTime() {
        session.updateWriteTime();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return session.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return session.write(source);
    }

    @Override
    public String getId() {
        return session.getId();
    }

    @Override
    public NamedEndpoint getInitialEndpoint() {
        return session.getInitialEndpoint();
    }

    @Override
    public void startTls(
            SSLContext context,
            NamedEndpoint endpoint,
            SSLBufferMode mode,
            SSLSessionInitializer initializer,
            SSLSessionVerifier verifier,
            Timeout limit) {
        session.startTls(context, endpoint, mode, initializer, verifier, limit);
    }

    @Override
    public void startTls(
            SSLContext context,
            NamedEndpoint endpoint,
            SSLBufferMode mode,
            SSLSessionInitializer initializer,
            SSLSessionVerifier verifier,
            Timeout limit,
            FutureCallback<TransportSecurityLayer> callback) {
        session.startTls(context, endpoint, mode, initializer, verifier, limit, callback);
    }

    @Override
    public TlsDetails getTlsDetails() {
        return session.getTlsDetails();
    }
}
