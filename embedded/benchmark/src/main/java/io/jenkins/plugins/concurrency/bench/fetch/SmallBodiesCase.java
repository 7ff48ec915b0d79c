package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.peer.FetchWork;
import io.jenkins.plugins.concurrency.bench.report.Report;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;

/** Many small bodies, which nobody keeps or which go to a file each. */
final class SmallBodiesCase implements Case {

    private static final int SIZE = 10 * 1024;

    private final boolean toFiles;

    SmallBodiesCase(boolean toFiles) {
        this.toFiles = toFiles;
    }

    @Override
    public String name() {
        return toFiles ? "files" : "discard";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(20_000);
        try (WebServer server = session.servers().fast();
                EngineProcess engine = session.engine(this)) {
            String file = session.servers().files().ofSize(SIZE);
            FetchRace race =
                    new FetchRace(session, engine, new FetchWork(server.urls(file, count), 64, SIZE, toFiles)).run();
            String bodies = toFiles ? "to files" : "bodies dropped";
            String title = String.format("%,d x 10 KiB, 64 in flight, %s, warm; %s", count, bodies, server.name());
            Report report =
                    session.report(this, title).rows(race.entries(), seconds -> count / seconds, Unit.PER_SECOND);
            if (!toFiles) {
                report.askedRatio(race.engine(), race.aiohttp(), 3);
            }
            return report.askedRatio(race.engine(), race.curl(), toFiles ? 1.2 : 0.8).print();
        }
    }
}
