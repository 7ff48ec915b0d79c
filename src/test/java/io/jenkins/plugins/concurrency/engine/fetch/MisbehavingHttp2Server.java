package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;

/** Speaks HTTP/2 frame by frame, as badly as a test wants. */
final class MisbehavingHttp2Server implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    /** {@code :status: 200} in HPACK. */
    static final byte[] OK = {(byte) 0x88};

    /** What to do with a request. */
    interface Behaviour {
        /** @param number of the request on its connection, from 1 */
        void answer(Connection connection, int stream, int number) throws IOException;
    }

    private final SSLServerSocket listener;
    private final Behaviour behaviour;
    private final int maxStreams;
    private final ExecutorService threads = Executors.newCachedThreadPool(new DefaultThreadFactory("misbehaving-h2", true));
    private final Set<SSLSocket> sockets = ConcurrentHashMap.newKeySet();
    private final Future<?> acceptor;
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();

    /** The error codes of the streams that clients have reset. */
    final BlockingQueue<Integer> resets = new LinkedBlockingQueue<>();

    /** @param listener of {@link TestCertificates} */
    MisbehavingHttp2Server(ServerSocket listener, int maxStreams, Behaviour behaviour) {
        this.listener = (SSLServerSocket) listener;
        this.maxStreams = maxStreams;
        this.behaviour = behaviour;
        acceptor = threads.submit(this::accept);
    }

    String url() {
        return "https://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            // until then the system may still take connections that nobody serves
            acceptor.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("the server does not stop to listen", e);
        }
        for (SSLSocket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) listener.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            connections.incrementAndGet();
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            in.readNBytes(24);
            Connection connection = new Connection(socket);
            connection.frame(SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) 3).putInt(maxStreams).array());
            int number = 0;
            while (true) {
                int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (type == RST_STREAM) {
                    resets.add(ByteBuffer.wrap(payload).getInt());
                }
                if (type == SETTINGS && (flags & ACK) == 0) {
                    connection.frame(SETTINGS, ACK, 0);
                } else if (type == HEADERS) {
                    requests.incrementAndGet();
                    behaviour.answer(connection, stream, ++number);
                }
            }
        } catch (IOException e) {
            // the client is gone: expected here
        } finally {
            sockets.remove(socket);
        }
    }

    /** One client's connection. */
    static final class Connection {

        private final SSLSocket socket;
        private final OutputStream out;

        Connection(SSLSocket socket) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
        }

        synchronized Connection frame(int type, int flags, int stream, byte... payload) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
            frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
            frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
            out.write(frame.array());
            out.flush();
            return this;
        }

        /** A whole response. */
        Connection respond(int stream, String body) throws IOException {
            frame(HEADERS, END_HEADERS, stream, OK);
            return frame(DATA, END_STREAM, stream, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        Connection reset(int stream, int error) throws IOException {
            return frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(error).array());
        }

        Connection goAway(int last, int error) throws IOException {
            return frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(error).array());
        }

        void hangUp() throws IOException {
            socket.close();
        }
    }
}
