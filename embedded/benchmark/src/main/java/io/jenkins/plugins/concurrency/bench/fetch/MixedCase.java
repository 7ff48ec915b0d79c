package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.EngineRequest;
import io.jenkins.plugins.concurrency.bench.race.Drop;
import io.jenkins.plugins.concurrency.bench.race.EngineContender;
import io.jenkins.plugins.concurrency.bench.race.Entry;
import io.jenkins.plugins.concurrency.bench.race.Race;
import io.jenkins.plugins.concurrency.bench.report.Report;
import io.jenkins.plugins.concurrency.bench.report.Samples;
import io.jenkins.plugins.concurrency.bench.report.Target;
import io.jenkins.plugins.concurrency.bench.report.Unit;
import io.jenkins.plugins.concurrency.bench.server.WebServer;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.time.Duration;
import java.util.List;

/**
 * What is fetched and then computed with, as it arrives, beside either part alone: each is about half of what both take
 * one after the other.
 */
final class MixedCase implements Case {

    private static final int SIZE = 10 * 1024;
    private static final int IN_FLIGHT = 16;
    private static final Duration DELAY = Duration.ofMillis(100);

    /** Takes the time of a processor, whatever the machine, for as long as a fetch takes the time of its place. */
    private static final String COMPUTE = """
            def threads = java.lang.management.ManagementFactory.threadMXBean
            long end = threads.currentThreadCpuTime + %dL
            while (threads.currentThreadCpuTime < end) { for (int i = 0; i < 1000; i++) { Math.sqrt(i) } }
            0
            """;

    @Override
    public String name() {
        return "mixed";
    }

    @Override
    public boolean run(Session session) throws Exception {
        int count = session.size(1_000);
        int workers = Runtime.getRuntime().availableProcessors();
        String function = String.format(COMPUTE, DELAY.toNanos() / IN_FLIGHT * workers);
        try (WebServer server = session.servers().answeringAfter(DELAY);
                EngineProcess process = session.engine(this)) {
            List<String> urls = server.urls(session.servers().files().ofSize(SIZE), count);
            Race race = session.race();
            Entry mixed = race.add(contender("parallelFetch with process", process, count, () -> EngineRequest.of(
                    session.runDirectories().mixed(urls, IN_FLIGHT, function, workers))));
            Entry fetch = race.add(contender("parallelFetch alone", process, count, () ->
                    EngineRequest.of(session.runDirectories().fetch(urls, IN_FLIGHT, null))));
            Entry compute = race.add(contender("cpuPool alone", process, count, () -> EngineRequest.of(
                    session.runDirectories().function(function, index -> index, count, workers))));
            List<Entry> entries = race.run(session.rounds());
            String title = String.format(
                    "%,d x 10 KiB, each answered after %d ms, %d in flight; %.1f ms of a processor for each",
                    count, DELAY.toMillis(), IN_FLIGHT, DELAY.toNanos() / 1e6 / IN_FLIGHT * workers);
            Report report = session.report(this, title).rows(entries, seconds -> seconds, Unit.SECONDS);
            if (entries.stream().allMatch(Entry::isMeasured)) {
                Samples larger = new Samples(fetch.seconds()).with(new Samples(compute.seconds()), Math::max);
                Samples ratio = new Samples(mixed.seconds()).with(larger, (both, one) -> both / one);
                report.asked("together : the larger part", ratio, Target.atMost(1.2, Unit.RATIO));
            }
            return report.print();
        }
    }

    private static EngineContender contender(String name, EngineProcess process, int count, EngineContender.Plan plan) {
        return new EngineContender(name, process, count, plan, new Drop.Nowhere(), Duration.ofMillis(1));
    }
}
