package io.jenkins.plugins.concurrency.bench.race;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.EngineReply;
import io.jenkins.plugins.concurrency.bench.engine.EngineRequest;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import java.io.IOException;
import java.time.Duration;

/** This plugin's engine, in one process for all rounds. */
public final class EngineContender implements Contender {

    /** Prepares a run directory. */
    @FunctionalInterface
    public interface Plan {
        EngineRequest next() throws IOException;
    }

    private final String name;
    private final EngineProcess engine;
    private final int branches;
    private final Plan plan;
    private final Drop drop;
    private final Duration warmUp;

    /**
     * @param branches how many have to succeed
     * @param warmUp for how long at least the work is repeated before the first round
     */
    public EngineContender(
            String name, EngineProcess engine, int branches, Plan plan, Drop drop, Duration warmUp) {
        this.name = name;
        this.engine = engine;
        this.branches = branches;
        this.plan = plan;
        this.drop = drop;
        this.warmUp = warmUp;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void warmUp() throws IOException, InterruptedException {
        long end = System.nanoTime() + warmUp.toNanos();
        while (System.nanoTime() < end) {
            run();
        }
    }

    @Override
    public Lap run() throws IOException, InterruptedException {
        EngineRequest request = plan.next();
        drop.prepare();
        try {
            EngineReply reply = engine.run(request, branches);
            drop.check();
            return new Lap(reply.seconds(), reply.cpuSeconds());
        } finally {
            drop.empty();
            Scratch.delete(request.directory());
        }
    }
}
