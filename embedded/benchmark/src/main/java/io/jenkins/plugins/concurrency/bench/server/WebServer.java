package io.jenkins.plugins.concurrency.bench.server;

import java.io.Closeable;
import java.util.List;
import java.util.stream.IntStream;

/** A server on loopback. {@code /<file>/<anything>} answers with a file of its root directory. */
public interface WebServer extends Closeable {

    /** What it is, for the table's title. */
    String name();

    int port();

    /** So many different URLs of one file. */
    default List<String> urls(String file, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "http://127.0.0.1:" + port() + "/" + file + "/" + i + ".bin")
                .toList();
    }
}
