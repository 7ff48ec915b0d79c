package io.jenkins.plugins.concurrency.engine.supervisor;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Gives every request the same answer, on the loopback address. {@link ClassArchiveMain} fetches from it. */
final class RehearsalServer implements Closeable {

    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
            .getBytes(StandardCharsets.US_ASCII);

    private static final String END_OF_HEAD = "\r\n\r\n";

    private final ServerSocket socket;

    /** @throws IOException if it can't listen on this machine */
    RehearsalServer() throws IOException {
        socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "rehearsal server");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                serve(connection);
            } catch (IOException e) {
                // the client has gone, or this server is being closed
            }
        }
    }

    private static void serve(Socket connection) throws IOException {
        InputStream requests = connection.getInputStream();
        int matched = 0;
        for (int next; (next = requests.read()) >= 0; ) {
            matched = next == END_OF_HEAD.charAt(matched) ? matched + 1 : 0;
            if (matched == END_OF_HEAD.length()) {
                connection.getOutputStream().write(ANSWER);
                matched = 0;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
