package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.EngineReply;
import io.jenkins.plugins.concurrency.bench.engine.EngineRequest;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import io.jenkins.plugins.concurrency.bench.report.Report;
import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.nio.file.Path;
import java.util.List;

/** What the supervisor keeps of each URL: its live heap after so many of them, to files, which have to be named. */
final class HeapCase implements Case {

    private static final int SIZE = 100;
    private static final List<Integer> PERCENT = List.of(10, 25, 50, 75, 99);

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(100_000);
        List<Integer> counts = PERCENT.stream().map(percent -> count / 100 * percent).toList();
        Path base = session.scratch().directory("engine-files");
        try (WebServer server = session.servers().fast();
                EngineProcess engine = session.engine(this)) {
            session.progress().show("fetching " + count + " URLs");
            List<String> urls = server.urls(session.servers().files().ofSize(SIZE), count);
            EngineRequest request = EngineRequest.of(session.runDirectories().fetch(urls, 64, base));
            EngineReply reply = engine.run(request.measuringHeapAt(counts), count);
            session.progress().clear();
            Report report = session.report(this, String.format("live heap of the engine, %,d URLs to files", count));
            for (int i = 0; i < counts.size(); i++) {
                report.row(String.format("after %,d URLs", counts.get(i)), kilobytes(reply.heap().get(i)), Unit.KILOBYTES);
            }
            int last = counts.size() - 1;
            double grown = reply.heap().get(last) - reply.heap().get(0);
            Samples each = Samples.of(grown / (counts.get(last) - counts.get(0)));
            return report.asked("growth with each URL", each, Target.atMost(200, Unit.BYTES)).print();
        } finally {
            Scratch.delete(base);
        }
    }

    private static Samples kilobytes(long bytes) {
        return Samples.of(bytes / 1e3);
    }
}
