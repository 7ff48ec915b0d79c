package io.jenkins.plugins.concurrency.bench.pool;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.EngineReply;
import io.jenkins.plugins.concurrency.bench.engine.EngineRequest;
import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.util.List;

/** More inputs than one would like to hold in memory. */
final class ManyInputsCase implements Case {

    @Override
    public String name() {
        return "inputs";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(200_000);
        try (EngineProcess engine = session.engine(this)) {
            session.progress().show("calling a function for " + count + " inputs");
            EngineRequest request = EngineRequest.of(
                    session.runDirectories().function("input + 1", index -> index, count, 2));
            EngineReply reply = engine.run(request.measuringHeapAt(List.of(count / 10, count)), count);
            session.progress().clear();
            double grown = (reply.heap().get(1) - reply.heap().get(0)) / (count * 0.9);
            String title = String.format("%,d Groovy calls, heap of the supervisor %d MB", count, EngineProcess.HEAP_MB);
            return session.report(this, title)
                    .row("cpuPool, with the start of its workers", Samples.of(count / reply.seconds()), Unit.PER_SECOND)
                    .row("live heap at the end", Samples.of(reply.heap().get(1) / 1e3), Unit.KILOBYTES)
                    .row("growth with each input", Samples.of(grown), Unit.BYTES)
                    .asked("completed", Samples.of(reply.succeeded()), Target.atLeast(count, new Unit("inputs", 0)))
                    .print();
        }
    }
}
