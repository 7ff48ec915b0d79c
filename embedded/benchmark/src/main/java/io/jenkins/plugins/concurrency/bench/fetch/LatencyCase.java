package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.peer.FetchWork;
import io.jenkins.plugins.concurrency.bench.report.Report;
import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.time.Duration;

/** A server that takes its time, so that only how much is in flight counts. */
final class LatencyCase implements Case {

    private static final int SIZE = 100;
    private static final Duration DELAY = Duration.ofMillis(200);

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(2_000);
        int inFlight = session.size(200);
        double bound = DELAY.toMillis() / 1e3 * count / inFlight;
        try (WebServer server = session.servers().answeringAfter(DELAY);
                EngineProcess engine = session.engine(this)) {
            String file = session.servers().files().ofSize(SIZE);
            FetchRace race =
                    new FetchRace(session, engine, new FetchWork(server.urls(file, count), inFlight, SIZE, false)).run();
            String title = String.format(
                    "%,d requests, each answered after %d ms, %d in flight", count, DELAY.toMillis(), inFlight);
            Report report = session.report(this, title).rows(race.entries(), seconds -> seconds, Unit.SECONDS);
            if (race.engine().isMeasured()) {
                Samples toBound = new Samples(race.engine().seconds()).map(seconds -> seconds / bound);
                report.asked("parallelFetch : bound of " + bound + " s", toBound, Target.atMost(1.1, Unit.RATIO));
            }
            return report.print();
        }
    }
}
