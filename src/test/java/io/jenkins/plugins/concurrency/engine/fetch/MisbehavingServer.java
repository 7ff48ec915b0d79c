package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;

/**
 * An HTTP server on raw sockets that does to its clients what real ones do on bad days. A path's first segment chooses
 * the behaviour; tests may add their own.
 */
final class MisbehavingServer implements AutoCloseable {

    /** What to do with a request. */
    interface Behaviour {
        void answer(Request request, Connection connection) throws IOException;
    }

    /** What to do with a connection. */
    interface Raw {
        void serve(Connection connection) throws IOException;
    }

    record Request(String method, String target, Map<String, String> headers, byte[] body, int numberOnConnection) {

        String bodyText() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The n-th segment of the path, from 0. */
        String segment(int n) {
            return target.substring(1).split("\\?")[0].split("/")[n];
        }
    }

    private final ServerSocket listener;
    private final String scheme;
    private final Raw raw;
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(new DefaultThreadFactory("misbehaving", true));
    private final AtomicInteger accepted = new AtomicInteger();

    private final Future<?> acceptor;

    private volatile Behaviour anything;

    /** All requests, in the order of their arrival. */
    final List<Request> requests = new CopyOnWriteArrayList<>();

    MisbehavingServer() throws IOException {
        this(new ServerSocket(0, 512, InetAddress.getLoopbackAddress()), "http");
    }

    MisbehavingServer(ServerSocket listener, String scheme) {
        this(listener, scheme, null);
    }

    private MisbehavingServer(ServerSocket listener, String scheme, Raw raw) {
        this.listener = listener;
        this.scheme = scheme;
        this.raw = raw;
        addBadDays();
        acceptor = threads.submit(this::accept);
    }

    /** A server that does not even read requests. */
    static MisbehavingServer raw(Raw behaviour) throws IOException {
        return new MisbehavingServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", behaviour);
    }

    /** The same over TLS. */
    static MisbehavingServer raw(TestCertificates certificates, Raw behaviour) throws Exception {
        return new MisbehavingServer(certificates.listen(), "https", behaviour);
    }

    String url(String path) {
        return scheme + "://127.0.0.1:" + listener.getLocalPort() + path;
    }

    int port() {
        return listener.getLocalPort();
    }

    int connectionsAccepted() {
        return accepted.get();
    }

    int openConnections() {
        return connections.size();
    }

    void on(String segment, Behaviour behaviour) {
        behaviours.put(segment, behaviour);
    }

    /** Whatever is asked for. */
    void onAnything(Behaviour behaviour) {
        anything = behaviour;
    }

    long requestsFor(String target) {
        return requests.stream().filter(request -> request.target().equals(target)).count();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            // until then the system may still take connections that nobody serves
            acceptor.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("the server does not stop to listen", e);
        }
        for (Connection connection : connections) {
            connection.socket.close();
        }
        threads.shutdownNow();
    }

    private void addBadDays() {
        on("ok", (request, to) -> to.respond(200, "text/plain", "x".repeat(Integer.parseInt(request.segment(1)))));
        on("status", (request, to) -> to.respond(Integer.parseInt(request.segment(1)), "text/plain", "sorry"));
        on("close-before", (request, to) -> to.hangUp());
        on("reset-before", (request, to) -> to.reset());
        on("close-in-head", (request, to) -> to.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n").hangUp());
        on("close-in-header", (request, to) -> to.send("HTTP/1.1 200 OK\r\nContent-Le").hangUp());
        on("reset-in-head", (request, to) -> to.send("HTTP/1.1 200 OK\r\nContent-").reset());
        on("reset-in-body", (request, to) -> to.head(200, "Content-Length: 100000").body(50_000).reset());
        on("truncated", (request, to) -> to.head(200, "Content-Length: 1024").body(512).hangUp());
        on("truncated-chunk", (request, to) ->
                to.head(200, "Transfer-Encoding: chunked").send("400\r\nonly this").hangUp());
        on("missing-last-chunk", (request, to) ->
                to.head(200, "Transfer-Encoding: chunked").send("5\r\nhello\r\n").hangUp());
        on("bad-chunk-size", (request, to) ->
                to.head(200, "Transfer-Encoding: chunked").send("xyz\r\nhello\r\n0\r\n\r\n"));
        on("negative-chunk-size", (request, to) ->
                to.head(200, "Transfer-Encoding: chunked").send("-5\r\nhello\r\n0\r\n\r\n"));
        on("long-chunk", (request, to) ->
                to.head(200, "Transfer-Encoding: chunked").send("2\r\nhello\r\n0\r\n\r\n"));
        on("bad-length", (request, to) -> to.head(200, "Content-Length: many").body(10));
        on("garbage", (request, to) -> to.send("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
        on("endless-header", (request, to) -> to.send("HTTP/1.1 200 OK\r\nX-Endless: ").sendUntilClosed("x"));
        on("endless-headers", (request, to) -> to.send("HTTP/1.1 200 OK\r\n").sendUntilClosed("X-More: of it\r\n"));
        on("many-headers", (request, to) ->
                to.send("HTTP/1.1 200 OK\r\n" + ("X-More: " + "y".repeat(30_000) + "\r\n").repeat(100) + "\r\n"));
        on("endless-hints", (request, to) -> to.sendUntilClosed("HTTP/1.1 103 Early Hints\r\n\r\n"));
        on("endless-continue", (request, to) -> to.sendUntilClosed("HTTP/1.1 100 Continue\r\n\r\n"));
        on("endless-body", (request, to) -> to.head(200).sendUntilClosed("more and more "));
        on("endless-error", (request, to) -> to.head(500).sendUntilClosed("sorry "));
        on("stall-before", (request, to) -> to.awaitClose());
        on("stall-in-body", (request, to) -> to.head(200, "Content-Length: 1024").body(512).awaitClose());
        on("circle", (request, to) -> to.redirect(302, "/circle/" + (Integer.parseInt(request.segment(1)) + 1) % 3));
        on("echo", (request, to) -> to.respond(
                200, "text/plain", request.method() + " " + request.target() + "\n" + request.bodyText()));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Connection connection = new Connection(listener.accept());
                accepted.incrementAndGet();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Connection connection) {
        try (connection) {
            if (raw != null) {
                raw.serve(connection);
                return;
            }
            int number = 0;
            for (Request request = connection.read(number); request != null; request = connection.read(++number)) {
                requests.add(request);
                Behaviour chosen = anything == null ? behaviours.get(request.segment(0)) : anything;
                if (chosen == null) {
                    connection.respond(404, "text/plain", "no such page");
                } else {
                    chosen.answer(request, connection);
                }
            }
        } catch (IOException | RuntimeException e) {
            // the client is gone, or the TLS handshake failed: expected here
        } finally {
            connections.remove(connection);
        }
    }

    /** One client's connection. */
    static final class Connection implements AutoCloseable {

        private static final int MAX_KEPT = 1024 * 1024;

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
            socket.setTcpNoDelay(true);
        }

        Request read(int number) throws IOException {
            String line = socket.isClosed() ? null : line();
            if (line == null) {
                return null;
            }
            Map<String, String> headers = new LinkedHashMap<>();
            for (String header = line(); header != null && !header.isEmpty(); header = line()) {
                int colon = header.indexOf(':');
                headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
            }
            byte[] body = body(Long.parseLong(headers.getOrDefault("content-length", "0")));
            String[] words = line.split(" ");
            return new Request(words[0], words[1], headers, body, number);
        }

        void respond(int status, String type, String body, String... headers) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String[] all = Arrays.copyOf(headers, headers.length + 2);
            all[headers.length] = "Content-Type: " + type;
            all[headers.length + 1] = "Content-Length: " + bytes.length;
            head(status, all);
            out.write(bytes);
            out.flush();
        }

        void redirect(int status, String location) throws IOException {
            head(status, "Location: " + location, "Content-Length: 0");
        }

        Connection head(int status, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return send(head.append("\r\n").toString());
        }

        Connection body(int length) throws IOException {
            return send("x".repeat(length));
        }

        Connection send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.UTF_8));
        }

        Connection send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            return this;
        }

        /** Ends with the exception of a closed connection. */
        void sendUntilClosed(String text) throws IOException {
            byte[] many = text.repeat(1 + 8_000 / text.length()).getBytes(StandardCharsets.UTF_8);
            while (true) {
                out.write(many);
            }
        }

        /** Returns when the client has closed the connection. */
        void awaitClose() throws IOException {
            while (in.read() >= 0) {
                // what it sends does not matter
            }
            hangUp();
        }

        /** Until the client closes the connection. */
        void copyTo(OutputStream elsewhere) throws IOException {
            byte[] piece = new byte[8192];
            for (int read; (read = in.read(piece)) >= 0; ) {
                elsewhere.write(piece, 0, read);
                elsewhere.flush();
            }
        }

        /** What arrives first, a character a byte. */
        String readOnce() throws IOException {
            byte[] piece = new byte[8192];
            return new String(piece, 0, Math.max(0, in.read(piece)), StandardCharsets.ISO_8859_1);
        }

        void skip(int bytes) throws IOException {
            in.readNBytes(bytes);
        }

        void hangUp() throws IOException {
            socket.close();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        /** One that is large is read, but not kept. */
        private byte[] body(long length) throws IOException {
            if (length <= MAX_KEPT) {
                return in.readNBytes((int) length);
            }
            in.skipNBytes(length);
            return new byte[0];
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    return null;
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }
    }
}
