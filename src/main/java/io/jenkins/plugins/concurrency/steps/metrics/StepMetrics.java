package io.jenkins.plugins.concurrency.steps.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.MetricSet;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.steps.ForcedEndDetector;
import io.jenkins.plugins.concurrency.steps.log.ProgressListener;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jenkins.metrics.api.MetricProvider;
import org.jenkinsci.plugins.variant.OptionalExtension;

/** Counts what all steps do from the start of the controller on. The names are in docs/administration.md. */
@OptionalExtension(requirePlugins = "metrics")
public final class StepMetrics extends MetricProvider implements ProgressListener {

    private static final List<String> STEPS = List.of("parallelFetch", "cpuPool", "ioPool", "gather");
    private static final String REUSED = "reused";
    private static final String WAITING = "waiting";
    private static final String RUNNING = "running";
    private static final String HEAP = MetricRegistry.name("concurrency-steps", "supervisor", "heap");

    private final MetricRegistry metrics = new MetricRegistry();

    /** All metrics are there from the start, with nothing counted. */
    public StepMetrics() {
        for (String step : STEPS) {
            for (OutcomeStatus status : OutcomeStatus.values()) {
                metrics.counter(name(step, status.text()));
            }
            metrics.counter(name(step, REUSED));
            metrics.timer(name(step, WAITING));
            metrics.timer(name(step, RUNNING));
        }
        metrics.histogram(HEAP);
        metrics.register(name("steps", RUNNING), (Gauge<Integer>) () -> ForcedEndDetector.get().size());
    }

    private static String name(String group, String what) {
        return MetricRegistry.name("concurrency-steps", group, what);
    }

    @Override
    public MetricSet getMetricSet() {
        return metrics::getMetrics;
    }

    @Override
    public void branchEnded(String step, Outcome outcome, boolean isReused, long waitedMillis) {
        metrics.counter(name(step, isReused ? REUSED : outcome.status().text())).inc();
        if (!isReused && outcome.attempts() > 0) {
            metrics.timer(name(step, WAITING)).update(waitedMillis, TimeUnit.MILLISECONDS);
            metrics.timer(name(step, RUNNING)).update(outcome.durationMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void supervisorHad(long heapBytes) {
        metrics.histogram(HEAP).update(heapBytes);
    }
}
