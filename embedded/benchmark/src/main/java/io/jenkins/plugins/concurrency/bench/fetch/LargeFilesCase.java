package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.peer.FetchWork;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.io.IOException;
import java.nio.file.Files;

/** Large bodies by an engine with little memory. */
final class LargeFilesCase implements Case {

    private static final long SIZE = 50L * 1024 * 1024;
    private static final int HEAP_MB = 64;
    private static final double MEGABYTE = 1e6;

    @Override
    public String name() {
        return "large";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(200);
        requireSpace(session, (count + 2) * SIZE);
        try (WebServer server = session.servers().fast();
                EngineProcess engine = session.engine(this, HEAP_MB)) {
            String file = session.servers().files().ofSize(SIZE);
            FetchRace race =
                    new FetchRace(session, engine, new FetchWork(server.urls(file, count), 64, SIZE, true)).run();
            String title =
                    String.format("%,d x 50 MiB, 64 in flight, to files, heap %d MB; %s", count, HEAP_MB, server.name());
            return session.report(this, title)
                    .rows(race.entries(), seconds -> count * SIZE / seconds / MEGABYTE, Unit.MEGABYTES_PER_SECOND)
                    .askedRatio(race.engine(), race.curl(), 0.9)
                    .print();
        }
    }

    private static void requireSpace(Session session, long bytes) throws IOException {
        long free = Files.getFileStore(session.scratch().root()).getUsableSpace();
        if (free < bytes) {
            throw new IOException(String.format(
                    "%s has %,d MB, needed are %,d; set TMPDIR",
                    session.scratch().root().getParent(), free / 1_000_000, bytes / 1_000_000));
        }
    }
}
