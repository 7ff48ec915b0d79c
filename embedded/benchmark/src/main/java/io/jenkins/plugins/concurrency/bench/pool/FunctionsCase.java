package io.jenkins.plugins.concurrency.bench.pool;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.peer.PoolPeers;
import io.jenkins.plugins.concurrency.bench.race.Entry;
import io.jenkins.plugins.concurrency.bench.race.Race;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.util.List;

/** Many calls of a function that does next to nothing. */
final class FunctionsCase implements Case {

    private static final int WORKERS = 2;

    @Override
    public String name() {
        return "functions";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(20_000);
        try (EngineProcess process = session.engine(this)) {
            Race race = session.race();
            FunctionCalls calls = new FunctionCalls("input + 1", 1, count, count);
            Entry engine = race.add(calls.on(session, process, "cpuPool", WORKERS));
            Entry python = new PoolPeers(race, session.scratch(), session.children())
                    .processPool(WORKERS, "successor", 1, count);
            List<Entry> entries = race.run(session.rounds());
            return session.report(this, String.format("%,d trivial Groovy calls, %d workers, warm", count, WORKERS))
                    .rows(entries, seconds -> count / seconds, Unit.PER_SECOND)
                    .askedRatio(engine, python, 1.5)
                    .print();
        }
    }
}
