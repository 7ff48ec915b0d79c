package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.EngineReply;
import io.jenkins.plugins.concurrency.bench.engine.EngineRequest;
import io.jenkins.plugins.concurrency.bench.report.Report;
import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.server.PlainServer;
import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code concurrency: 'auto'} beside the best fixed number, which is found by trying, and beside 64. With three servers:
 * one that refuses, one that becomes slow, one that is far away.
 */
final class AutoCase implements Case {

    private static final int SIZE = 100;
    private static final int PLAIN = 64;

    /** The part of requests that may be refused. */
    private static final double TOLERATED = 0.02;
    private static final int ACCEPTED = 20;
    private static final double KNEE = 16;
    private static final long WARM_NANOS = Duration.ofSeconds(5).toNanos();
    private static final List<Integer> WIDTHS = List.of(2, 4, 8, 12, 16, 20, 24, 32, 64, 128, 256, TrafficSettings.MOST_OF_AUTO);

    /** The refusals after the first seconds. */
    private static final class Refusals implements PlainServer.Load {

        private final PlainServer.Load load;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private volatile long fromNanos;

        Refusals(PlainServer.Load load) {
            this.load = load;
        }

        void begin() {
            asked.set(0);
            refused.set(0);
            fromNanos = System.nanoTime() + WARM_NANOS;
        }

        @Override
        public Duration timeOf(int atOnce) {
            Duration time = load.timeOf(atOnce);
            if (System.nanoTime() - fromNanos >= 0) {
                asked.incrementAndGet();
                refused.addAndGet(time == null ? 1 : 0);
            }
            return time;
        }

        double part() {
            return refused.get() / (double) Math.max(1, asked.get());
        }
    }

    @Override
    public String name() {
        return "auto";
    }

    @Override
    public boolean run(Session session) throws Exception {
        boolean complete = true;
        complete &= measure(session, "serves 20 at once for 50 ms each, and refuses more",
                atOnce -> atOnce > ACCEPTED ? null : Duration.ofMillis(50));
        complete &= measure(session, "takes 20 ms, and more with each request at once", atOnce -> {
            double load = atOnce / KNEE;
            return Duration.ofNanos(Math.round(20e6 * (1 + load * load)));
        });
        complete &= measure(session, "answers after 200 ms", atOnce -> Duration.ofMillis(200));
        return complete;
    }

    private boolean measure(Session session, String what, PlainServer.Load load) throws Exception {
        Refusals refusals = new Refusals(load);
        try (WebServer server = session.servers().loaded(refusals); EngineProcess engine = session.engine(this)) {
            String file = session.servers().files().ofSize(SIZE);
            double best = 0;
            int bestWidth = 0;
            String plain = "";
            for (int width : WIDTHS) {
                session.progress().show(what + ": " + width + " at once");
                int count = requests(load, width, session.size(60) / 10.0);
                EngineReply reply = engine.run(
                        EngineRequest.of(session.runDirectories().fetch(server.urls(file, count), width, null)));
                double failed = 1 - reply.succeeded() / (double) count;
                double served = reply.succeeded() / reply.seconds();
                if (failed <= TOLERATED && served > best) {
                    bestWidth = width;
                    best = served;
                }
                if (width == PLAIN) {
                    plain = String.format("%,.0f /s, %.0f %% of the requests failed", served, 100 * failed);
                }
            }
            session.progress().show(what + ": auto");
            List<String> urls = server.urls(file, (int) (best * session.size(400) / 10));
            Path run = session.runDirectories().adaptiveFetch(urls);
            refusals.begin();
            EngineReply reply = engine.run(EngineRequest.of(run), urls.size());
            double auto = reply.succeeded() / reply.seconds();
            session.progress().clear();
            Report report = session.report(this, "a server that " + what + ", served a second")
                    .row("best fixed concurrency: " + bestWidth, Samples.of(best), Unit.PER_SECOND)
                    .note("concurrency: 64", plain)
                    .row("concurrency: 'auto'", Samples.of(auto), Unit.PER_SECOND)
                    .asked("'auto' : best", Samples.of(auto / best), Target.atLeast(0.9, Unit.RATIO))
                    .asked("refused after 5 s", Samples.of(refusals.part()), Target.atMost(TOLERATED, Unit.RATIO));
            return report.print();
        }
    }

    /** How many the server handles in so many seconds. */
    private static int requests(PlainServer.Load load, int width, double seconds) {
        Duration each = load.timeOf(width);
        double rate = width / (each == null ? 0.05 : each.toNanos() / 1e9);
        return (int) Math.ceil(rate * seconds);
    }
}
