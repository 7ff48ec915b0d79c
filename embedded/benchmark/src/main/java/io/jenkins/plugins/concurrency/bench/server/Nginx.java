package io.jenkins.plugins.concurrency.bench.server;

import io.jenkins.plugins.concurrency.bench.process.Children;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** nginx as a child process, with its configuration and its files in a directory of its own, without an access log. */
final class Nginx implements WebServer {

    private static final Duration START = Duration.ofSeconds(15);

    private final Children children;
    private final Process process;
    private final int port;

    /** Starts it and returns when it answers. */
    Nginx(Path binary, Path directory, ServedFiles files, Children children)
            throws IOException, InterruptedException {
        this.children = children;
        this.port = freePort();
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, configuration(files));
        Path log = directory.resolve("nginx.log");
        process = children.start(new ProcessBuilder(
                        binary.toString(), "-p", directory.toString(), "-e", "stderr", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
        awaitStart(log);
    }

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        children.end(process);
    }

    private void awaitStart(Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("nginx does not start" + Children.tail(log), e);
                }
                Thread.sleep(20);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private String configuration(ServedFiles files) {
        // Started by root it would serve as somebody who may not be able to read our files.
        String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
        return """
                %s daemon off; worker_processes auto; pid nginx.pid; error_log stderr;
                events { worker_connections 2048; }
                http {
                    access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000;
                    open_file_cache max=100; default_type text/plain;
                    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
                    uwsgi_temp_path t4; scgi_temp_path t5;
                    server {
                        listen 127.0.0.1:%d backlog=2048; root %s;
                        location ~ ^/([0-9]+)/ { try_files /$1 =404; }
                    }
                }
                """.formatted(user, port, files.root());
    }
}
