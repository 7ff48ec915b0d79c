package io.jenkins.plugins.concurrency.bench.pool;

import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.EmbeddedBuild;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.util.ArrayList;
import java.util.List;

/** Whole steps as a user meets them: the first of a build, the second at once, and one after a moment. */
final class StepsCase implements Case {

    private static final String SCRIPT = """
            node {
                for (i in 0..2) {
                    if (i == 2) {
                        sleep 1
                    }
                    def begin = System.currentTimeMillis()
                    def results = cpuPool inputs: [i], groovy: 'input + 1', onFailure: 'fail'
                    echo "measured ${System.currentTimeMillis() - begin} ms for ${results[0].value}"
                }
            }
            """;

    @Override
    public String name() {
        return "steps";
    }

    @Override
    public boolean run(Session session) throws Exception {
        EmbeddedBuild build = new EmbeddedBuild(session, SCRIPT);
        session.progress().show("filling the agent's cache of jars");
        build.run();
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        List<Double> later = new ArrayList<>();
        List<Double> whole = new ArrayList<>();
        for (int round = 1; round <= session.rounds(); round++) {
            session.progress().show("round " + round + " of " + session.rounds() + ": embedded/run");
            List<Double> seconds = build.run();
            first.add(seconds.get(0));
            second.add(seconds.get(1));
            later.add(seconds.get(2));
            whole.add(seconds.get(3));
        }
        session.progress().clear();
        return session.report(this, "cpuPool with one trivial function, three times in a build by embedded/run")
                .row("the first step, from its start to its result", new Samples(first), Unit.SECONDS)
                .row("the second step, at once", new Samples(second), Unit.SECONDS)
                .row("a step a second later", new Samples(later), Unit.SECONDS)
                .row("embedded/run as a whole", new Samples(whole), Unit.SECONDS)
                .asked("the first step", new Samples(first), Target.atMost(1.2, Unit.SECONDS))
                .asked("the second step, at once", new Samples(second), Target.atMost(0.3, Unit.SECONDS))
                .asked("a step a second later", new Samples(later), Target.atMost(0.3, Unit.SECONDS))
                .print();
    }
}
