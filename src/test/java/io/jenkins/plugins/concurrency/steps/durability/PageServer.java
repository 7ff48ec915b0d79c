package io.jenkins.plugins.concurrency.steps.durability;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.rules.ExternalResource;

/**
 * A server in this JVM that counts requests. It answers {@code /free/…} at once, {@code /held/…} when released, and
 * {@code /half/…} by half at once and by half when released.
 */
final class PageServer extends ExternalResource {

    private static final byte[] BODY = "a page of some length".getBytes(StandardCharsets.UTF_8);

    private static final Duration LIMIT = Duration.ofSeconds(180);

    private final CountDownLatch released = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** By method and path. Guarded by this. */
    private final Map<String, Integer> requests = new HashMap<>();

    @Override
    protected void before() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @Override
    protected void after() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        count(exchange.getRequestMethod() + " " + path);
        try (exchange) {
            if (path.startsWith("/held/")) {
                awaitRelease();
            }
            exchange.sendResponseHeaders(200, BODY.length);
            int half = BODY.length / 2;
            exchange.getResponseBody().write(BODY, 0, half);
            if (path.startsWith("/half/")) {
                exchange.getResponseBody().flush();
                awaitRelease();
            }
            exchange.getResponseBody().write(BODY, half, BODY.length - half);
        }
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void count(String request) {
        requests.merge(request, 1, Integer::sum);
        notifyAll();
    }

    /** The URL of a path. */
    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    void release() {
        released.countDown();
    }

    /** How often something was asked for, for example {@code GET /free/a}. */
    synchronized int requests(String method, String path) {
        return requests.getOrDefault(method + " " + path, 0);
    }

    /** Waits until something has been asked for so many times. */
    synchronized void await(String method, String path, int times) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (requests(method, path) < times) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("waited in vain for request " + times + " of " + path + ": " + requests);
            }
            wait(left);
        }
    }
}
