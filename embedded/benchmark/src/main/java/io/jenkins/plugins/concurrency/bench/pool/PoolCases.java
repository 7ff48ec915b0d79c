package io.jenkins.plugins.concurrency.bench.pool;

import io.jenkins.plugins.concurrency.bench.session.Case;
import java.util.List;

/** The cases of {@code embedded/bench pool}. */
public final class PoolCases {

    public static final List<Case> ALL = List.of(
            new CommandsCase(), new FunctionsCase(), new ManyInputsCase(), new CpuCase());

    private PoolCases() {}
}
