package io.jenkins.plugins.concurrency.steps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.rules.ExternalResource;

/** A server in this JVM whose bodies say {@code body of} their path, and which notes what it is asked for. */
final class PathServer extends ExternalResource {

    private final String context;
    private final Predicate<String> missing;
    private final Consumer<String> before;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /**
     * @param context the paths that it knows and notes begin with it
     * @param missing told a path that has been noted; whether there is nothing this time
     */
    PathServer(String context, Predicate<String> missing) {
        this(context, missing, path -> {});
    }

    /** @param before given a path that has been noted; may make the request wait, and others do not wait with it */
    PathServer(String context, Predicate<String> missing, Consumer<String> before) {
        this.context = context;
        this.missing = missing;
        this.before = before;
    }

    @Override
    protected void before() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(context, this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @Override
    protected void after() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            before.accept(path);
            byte[] body = ("body of " + path).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(missing.test(path) ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The URL before the paths. */
    String root() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The paths so far, in their order. */
    List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }
}
