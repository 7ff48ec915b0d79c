package io.jenkins.plugins.concurrency.bench.pool;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.peer.PoolPeers;
import io.jenkins.plugins.concurrency.bench.race.Entry;
import io.jenkins.plugins.concurrency.bench.race.Race;
import io.jenkins.plugins.concurrency.bench.report.Report;
import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.util.List;

/** A function that computes, on all processors and on one; CPython's pool shows what the machine itself gives. */
final class CpuCase implements Case {

    private static final String FIB = "def fib(n) { n < 2 ? n : fib(n - 1) + fib(n - 2) }; fib(input)";
    private static final int INPUT = 30;
    private static final double SPEED_UP = 0.93;

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        int count = session.size(100) * processors;
        try (EngineProcess process = session.engine(this)) {
            Race race = session.race();
            FunctionCalls calls = new FunctionCalls(FIB, INPUT, count / 2, count);
            Entry all = race.add(calls.on(session, process, "cpuPool, " + processors + " workers", processors));
            Entry one = race.add(calls.on(session, process, "cpuPool, 1 worker", 1));
            PoolPeers peers = new PoolPeers(race, session.scratch(), session.children());
            Entry python = peers.processPool(processors, "fib", INPUT, count / 2);
            Entry pythonOne = peers.processPool(1, "fib", INPUT, count / 2);
            List<Entry> engines = race.run(session.rounds());
            Report report = session.report(this, String.format("fib(%d), %,d times, all processors, warm", INPUT, count));
            report.rows(engines.subList(0, 2), seconds -> count / seconds, Unit.PER_SECOND);
            report.rows(engines.subList(2, 4), seconds -> count / 2 / seconds, Unit.PER_SECOND);
            speedUp("cpuPool, speed-up : ideal", all, one, processors, report);
            speedUp("ProcessPoolExecutor, speed-up : ideal", python, pythonOne, processors, report);
            if (all.isMeasured() && python.isMeasured()) {
                Samples ratio = new Samples(python.seconds()).with(new Samples(all.seconds()), (a, b) -> 2 * a / b);
                report.asked(all.name() + " : " + python.name(), ratio, Target.atLeast(5, Unit.RATIO));
            }
            return report.print();
        }
    }

    private static void speedUp(String label, Entry all, Entry one, int processors, Report report) {
        if (all.isMeasured() && one.isMeasured()) {
            Samples ratio =
                    new Samples(one.seconds()).with(new Samples(all.seconds()), (a, b) -> a / b / processors);
            report.asked(label, ratio, Target.atLeast(SPEED_UP, Unit.RATIO));
        }
    }
}
