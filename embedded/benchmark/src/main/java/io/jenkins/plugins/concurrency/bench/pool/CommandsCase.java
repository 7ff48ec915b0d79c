package io.jenkins.plugins.concurrency.bench.pool;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.EngineRequest;
import io.jenkins.plugins.concurrency.bench.peer.PoolPeers;
import io.jenkins.plugins.concurrency.bench.race.Drop;
import io.jenkins.plugins.concurrency.bench.race.EngineContender;
import io.jenkins.plugins.concurrency.bench.race.Entry;
import io.jenkins.plugins.concurrency.bench.race.Race;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.util.List;

/** Many commands that do nothing. */
final class CommandsCase implements Case {

    private static final int WORKERS = 2;
    private static final String COMMAND = "true";

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(2_000);
        try (EngineProcess process = session.engine(this)) {
            Race race = session.race();
            Entry engine = race.add(new EngineContender(
                    "cpuPool",
                    process,
                    count,
                    () -> EngineRequest.of(session.runDirectories().commands(COMMAND, count, WORKERS)),
                    new Drop.Nowhere(),
                    session.warmUp()));
            PoolPeers peers = new PoolPeers(race, session.scratch(), session.children());
            Entry xargs = peers.xargs(WORKERS, count, COMMAND);
            Entry parallel = peers.parallel(WORKERS, count, COMMAND);
            List<Entry> entries = race.run(session.rounds());
            return session.report(this, String.format("%,d x '%s', %d workers, warm", count, COMMAND, WORKERS))
                    .rows(entries, seconds -> count / seconds, Unit.PER_SECOND)
                    .askedRatio(engine, xargs, 0.9)
                    .askedRatio(engine, parallel, 4)
                    .print();
        }
    }
}
