package io.jenkins.plugins.concurrency.bench.pool;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.EngineRequest;
import io.jenkins.plugins.concurrency.bench.race.Drop;
import io.jenkins.plugins.concurrency.bench.race.EngineContender;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.time.Duration;

/**
 * Calls of a Groovy function. Worker processes belong to a run, so each run warms them up with calls of its own, and
 * the clock starts after these.
 *
 * @param input the same for every call
 * @param warmUp calls before the clock starts
 * @param measured calls after that
 */
record FunctionCalls(String function, int input, int warmUp, int measured) {

    EngineContender on(Session session, EngineProcess engine, String name, int workers) {
        int all = warmUp + measured;
        EngineContender.Plan plan = () -> EngineRequest.of(
                        session.runDirectories().function(function, index -> input, all, workers))
                .warmingUpWith(warmUp);
        return new EngineContender(name, engine, all, plan, new Drop.Nowhere(), Duration.ofMillis(1));
    }
}
