package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.peer.FetchWork;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;

/** Many small bodies, each to a file of its own. */
final class FilesCase implements Case {

    private static final int SIZE = 10 * 1024;

    @Override
    public String name() {
        return "files";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(20_000);
        try (WebServer server = session.servers().fast();
                EngineProcess engine = session.engine(this)) {
            String file = session.servers().files().ofSize(SIZE);
            FetchRace race =
                    new FetchRace(session, engine, new FetchWork(server.urls(file, count), 64, SIZE, true)).run();
            String title = String.format("%,d x 10 KiB, 64 in flight, to files, warm; %s", count, server.name());
            return session.report(this, title)
                    .rows(race.entries(), seconds -> count / seconds, Unit.PER_SECOND)
                    .askedRatio(race.engine(), race.curl(), 1.2)
                    .print();
        }
    }
}
