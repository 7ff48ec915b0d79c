package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Against the server that most of the web runs on. */
public class NginxTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Process nginx;
    private int port;

    @Before
    public void start() throws Exception {
        Path binary = Stream.of((System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "nginx"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assume.assumeTrue("nginx is not on the PATH", binary != null);
        Path root = folder.getRoot().toPath();
        // its workers may run as another user
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.writeString(root.resolve("page.html"), "x".repeat(10_240));
        Files.writeString(root.resolve("nginx.conf"), configuration(root));
        String configuration = root.resolve("nginx.conf").toString();
        nginx = new ProcessBuilder(binary.toString(), "-p", root.toString(), "-c", configuration)
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("nginx.log").toFile())
                .start();
    }

    @After
    public void stop() throws Exception {
        if (nginx != null) {
            nginx.destroy();
            assertTrue(nginx.waitFor(20, TimeUnit.SECONDS));
        }
    }

    @Test
    public void twoThousandFilesOverConnectionsThatItClosesNowAndThen() throws Exception {
        Path base = folder.newFolder("workspace").toPath();
        try (FetchRun run = new FetchRun()) {
            // until it listens
            run.retry = new RetryPolicy(50, Duration.ofMillis(50));
            Map<String, Object> details = run.fetch(url()).details();
            assertEquals(200, details.get(Detail.STATUS));
            assertEquals("nginx", ((Map<?, ?>) details.get(Detail.HEADERS)).get("server").toString().split("/")[0]);
            run.retry = RetryPolicy.none();
            run.storeIn(new BodyStorage(base.toString(), "pages", 0));
            assertEquals(
                    2_000,
                    run.run(IntStream.range(0, 2_000).mapToObj(i -> FetchBranch.of(i, url())).toList()).succeeded());
        }
        try (Stream<Path> files = Files.list(base.resolve("pages"))) {
            assertEquals(2_000, files.count());
        }
    }

    private String url() {
        return "http://127.0.0.1:" + port + "/page.html";
    }

    /** Ten requests a connection, so that there are many ends of connections. */
    private String configuration(Path root) {
        return """
                daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
                events { worker_connections 512; }
                http {
                    access_log off; keepalive_requests 10;
                    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
                    uwsgi_temp_path t4; scgi_temp_path t5;
                    server { listen 127.0.0.1:%d; root %s; }
                }
                """.formatted(port, root);
    }
}
