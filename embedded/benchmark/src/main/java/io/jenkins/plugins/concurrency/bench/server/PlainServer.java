package io.jenkins.plugins.concurrency.bench.server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server in this process: a thread for each connection, each of which is kept for any number of GETs. It stands in
 * where nginx is missing, and can wait before it answers, which nginx can't.
 */
public final class PlainServer implements WebServer {

    private static final int BACKLOG = 2048;

    private static final byte[] TOO_MANY =
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** How a server bears what it gets. */
    public interface Load {

        /**
         * How long a request takes.
         *
         * @param atOnce how many requests the server has, with this one
         * @return {@code null} to refuse it
         */
        Duration timeOf(int atOnce);
    }

    private final ServedFiles files;
    private final Load load;
    private final AtomicInteger atOnce = new AtomicInteger();
    private final ServerSocketChannel listening;

    PlainServer(ServedFiles files, Load load) throws IOException {
        this.files = files;
        this.load = load;
        listening = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        daemon("server", this::accept);
    }

    @Override
    public String name() {
        return "in-process server";
    }

    @Override
    public int port() {
        return listening.socket().getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = listening.accept();
                connection.socket().setTcpNoDelay(true);
                daemon("server connection", () -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
            for (String path; (path = readRequest(in)) != null; ) {
                Duration time = load.timeOf(atOnce.incrementAndGet());
                if (time != null) {
                    Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
                }
                atOnce.decrementAndGet(); // first, so that the next request of a client that has the answer is not one more
                if (time == null) {
                    connection.write(ByteBuffer.wrap(TOO_MANY));
                } else {
                    answer(connection, files.root().resolve(path.split("/")[1]));
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client is gone
        }
    }

    /** The path, or {@code null} at the end of the connection. */
    private static String readRequest(InputStream in) throws IOException {
        String first = readLine(in);
        if (first == null) {
            return null;
        }
        for (String line = first; line != null && !line.isEmpty(); ) {
            line = readLine(in);
        }
        return first.split(" ")[1];
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c; (c = in.read()) != '\n'; ) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void answer(SocketChannel out, Path file) throws IOException {
        try (FileChannel body = FileChannel.open(file)) {
            long size = body.size();
            String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + size + "\r\n\r\n";
            ByteBuffer bytes = ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            for (long sent = 0; sent < size; ) {
                sent += body.transferTo(sent, size - sent, out);
            }
        }
    }
}
