package io.jenkins.plugins.concurrency.bench.steps;

import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/**
 * {@code parallelFetch} of small files, beside one {@code sh} with curl.
 *
 * @param count how many files
 * @param parallel whether curl fetches them at once; one after the other, each in a process, otherwise
 */
record FetchSteps(int count, boolean parallel, OptionalDouble first, OptionalDouble later) implements StepWork {

    private static final int SIZE = 10 * 1024;

    @Override
    public String title() {
        return String.format("%,d x 10 KiB to files", count);
    }

    @Override
    public String peer() {
        return parallel ? "one sh with curl --parallel" : "one sh with a curl for each";
    }

    @Override
    public List<String> programs() {
        return List.of("curl");
    }

    @Override
    public Prepared prepare(Session session) throws IOException, InterruptedException {
        WebServer server = session.servers().fast();
        String base = "http://127.0.0.1:" + server.port() + "/" + session.servers().files().ofSize(SIZE) + "/";
        return new Prepared() {
            @Override
            public String before() {
                return """
                        def urls = (0..<%d).collect { '%s' + it + '.bin' }
                        writeFile file: 'list', text: urls.collect {
                            "url = ${it}\\noutput = peer/${it.tokenize('/').last()}\\n"
                        }.join('')
                        sh 'mkdir peer'""".formatted(count, base);
            }

            @Override
            public String peer() {
                return parallel
                        ? "sh 'curl --disable -sS --fail --parallel --parallel-max 64 --config list'"
                        : "sh 'for i in $(seq 0 %d); do curl --disable -sS --fail -o peer/$i.bin %s$i.bin; done'"
                                .formatted(count - 1, base);
            }

            @Override
            public String step() {
                return "parallelFetch urls: urls, toDir: \"pages-${System.nanoTime()}\", concurrency: 64, onFailure: 'fail'";
            }

            @Override
            public String where() {
                return "; " + server.name();
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
    }
}
