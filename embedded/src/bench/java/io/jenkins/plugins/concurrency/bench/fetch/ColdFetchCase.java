package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.EmbeddedBuild;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.util.ArrayList;
import java.util.List;

/** A whole step as a user meets it, with everything that has to start for it. */
final class ColdFetchCase implements Case {

    private static final int SIZE = 10 * 1024;

    @Override
    public String name() {
        return "cold";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(1_000);
        try (WebServer server = session.servers().fast()) {
            String file = session.servers().files().ofSize(SIZE);
            EmbeddedBuild build = new EmbeddedBuild(session, script(server, file, count));
            session.progress().show("filling the agent's cache of jars");
            build.run();
            List<Double> steps = new ArrayList<>();
            List<Double> builds = new ArrayList<>();
            for (int round = 1; round <= session.rounds(); round++) {
                session.progress().show("round " + round + " of " + session.rounds() + ": embedded/run");
                List<Double> seconds = build.run();
                steps.add(seconds.get(0));
                builds.add(seconds.get(1));
            }
            session.progress().clear();
            String title = String.format("%,d x 10 KiB to files by embedded/run; %s", count, server.name());
            return session.report(this, title)
                    .row("parallelFetch, from its start to its result", new Samples(steps), Unit.SECONDS)
                    .row("embedded/run as a whole", new Samples(builds), Unit.SECONDS)
                    .asked("parallelFetch, cold", new Samples(steps), Target.atMost(2.0, Unit.SECONDS))
                    .print();
        }
    }

    private static String script(WebServer server, String file, int count) {
        return """
                node {
                    def urls = (0..<%d).collect { 'http://127.0.0.1:%d/%s/' + it + '.bin' }
                    def begin = System.currentTimeMillis()
                    def pages = parallelFetch urls: urls, toDir: 'pages', onFailure: 'fail'
                    echo "measured ${System.currentTimeMillis() - begin} ms for ${pages.succeeded}"
                }
                """.formatted(count, server.port(), file);
    }
}
