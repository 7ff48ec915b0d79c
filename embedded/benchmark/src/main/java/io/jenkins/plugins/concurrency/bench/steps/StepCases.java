package io.jenkins.plugins.concurrency.bench.steps;

import io.jenkins.plugins.concurrency.bench.session.Case;
import java.util.List;
import java.util.OptionalDouble;

/** The cases of {@code embedded/bench steps}. */
public final class StepCases {

    public static final List<Case> ALL = List.of(
            new StepCase("few", new FetchSteps(10, false, OptionalDouble.empty(), OptionalDouble.empty())),
            new StepCase("fetches", new FetchSteps(400, true, OptionalDouble.empty(), OptionalDouble.empty())),
            new StepCase("many", new FetchSteps(10_000, true, OptionalDouble.of(1.5), OptionalDouble.of(1.0))),
            new StepCase("commands", PoolSteps.commands()),
            new StepCase("functions", PoolSteps.functions()),
            new StepCase("calls", PoolSteps.calls(10_000)),
            new StepCase("needs", PoolSteps.graph()));

    private StepCases() {}
}
