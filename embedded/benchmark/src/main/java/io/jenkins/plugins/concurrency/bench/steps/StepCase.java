package io.jenkins.plugins.concurrency.bench.steps;

import io.jenkins.plugins.concurrency.bench.process.Programs;
import io.jenkins.plugins.concurrency.bench.report.Report;
import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.EmbeddedBuild;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A whole step as users meet it, in builds that are each a new process: what people would write instead, then the step
 * as the first one of its build, then the same step again. Then the same with what the build before has kept.
 */
final class StepCase implements Case {

    private static final int PEER = 0;
    private static final int FIRST = 1;
    private static final int LATER = 2;
    private static final int KEEP_MINUTES = 5;

    private static final String SCRIPT = """
            def measured(Closure work) {
                def begin = System.currentTimeMillis()
                work()
                echo "measured ${System.currentTimeMillis() - begin} ms"
            }
            node {
            %s
                measured { %s }
                measured { %s }
                measured { %3$s }
            }
            """;

    private final String name;
    private final StepWork work;

    /** @param name what the command line calls it */
    StepCase(String name, StepWork work) {
        this.name = name;
        this.work = work;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean run(Session session) throws Exception {
        Optional<String> missing = work.programs().stream()
                .filter(program -> Programs.find(program).isEmpty())
                .findFirst();
        if (missing.isPresent()) {
            return session.report(this, work.title())
                    .note(work.peer(), missing.get() + " is not installed")
                    .print();
        }
        try (StepWork.Prepared prepared = work.prepare(session)) {
            return measure(session, prepared);
        }
    }

    private boolean measure(Session session, StepWork.Prepared prepared) throws Exception {
        EmbeddedBuild build = new EmbeddedBuild(
                session, SCRIPT.formatted(prepared.before(), prepared.peer(), prepared.step()));
        session.progress().show("filling the agent's cache of jars");
        build.run(0);
        List<List<Double>> cold = rounds(session, build, 0);
        session.progress().show("a build that keeps its supervisor");
        build.run(KEEP_MINUTES);
        List<List<Double>> kept = rounds(session, build, KEEP_MINUTES);
        build.run(0);
        session.progress().clear();
        Samples peer = new Samples(cold.get(PEER));
        Samples first = new Samples(cold.get(FIRST));
        Samples later = new Samples(cold.get(LATER));
        Samples next = new Samples(kept.get(FIRST));
        Report report = session.report(this, work.title() + prepared.where())
                .row(work.peer(), peer, Unit.SECONDS)
                .row("the first step of a build", first, Unit.SECONDS)
                .row("the same step again", later, Unit.SECONDS)
                .row("the first step, supervisor from the build before", next, Unit.SECONDS);
        ratio(report, "the first step", first, peer, work.first());
        ratio(report, "the step again", later, peer, work.later());
        ratio(report, "the first step with that", next, new Samples(kept.get(PEER)), OptionalDouble.empty());
        return report.print();
    }

    private static List<List<Double>> rounds(Session session, EmbeddedBuild build, int keep) throws Exception {
        List<List<Double>> seconds = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int round = 1; round <= session.rounds(); round++) {
            session.progress().show("round " + round + " of " + session.rounds() + ": embedded/run --keep " + keep);
            List<Double> measured = build.run(keep);
            for (int i = PEER; i <= LATER; i++) {
                seconds.get(i).add(measured.get(i));
            }
        }
        return seconds;
    }

    private void ratio(Report report, String step, Samples seconds, Samples peer, OptionalDouble atMost) {
        String label = step + " / the time of sh";
        Samples ratio = seconds.with(peer, (a, b) -> a / b);
        if (atMost.isPresent()) {
            report.asked(label, ratio, Target.atMost(atMost.getAsDouble(), Unit.RATIO));
        } else {
            report.row(label, ratio, Unit.RATIO);
        }
    }
}
