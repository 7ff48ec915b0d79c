package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Assume;

/** A real nginx; tests that need one are skipped, and say so, where there is none. */
final class Nginx implements AutoCloseable {

    final int port;
    private final Process process;

    /**
     * Starts it and waits until it listens.
     *
     * @param root its files
     * @param listen what follows the address in {@code listen}
     * @param settings of the server
     */
    Nginx(Path root, String listen, String settings) throws Exception {
        Path binary = Stream.of((System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "nginx"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assume.assumeTrue("nginx is not on the PATH", binary != null);
        // its workers may run as another user
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String configuration = """
                daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
                events { worker_connections 512; }
                http {
                    access_log off;
                    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
                    uwsgi_temp_path t4; scgi_temp_path t5;
                    server { listen 127.0.0.1:%d %s; root %s; %s }
                }
                """.formatted(port, listen, root, settings);
        Files.writeString(root.resolve("nginx.conf"), configuration);
        process = new ProcessBuilder(
                        binary.toString(), "-p", root.toString(), "-c", root.resolve("nginx.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("nginx.log").toFile())
                .start();
        awaitPort(root);
    }

    private void awaitPort(Path root) throws Exception {
        Await.until("nginx", () -> {
            assertTrue(Files.readString(root.resolve("nginx.log")), process.isAlive());
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        assertTrue(process.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
}
