package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.session.Case;
import java.util.List;

/** The cases of {@code embedded/bench fetch}. */
public final class FetchCases {

    public static final List<Case> ALL = List.of(
            new SmallBodiesCase(false), new SmallBodiesCase(true), new LatencyCase(),
            new LargeFilesCase(), new HeapCase(), new MixedCase(), new AutoCase());

    private FetchCases() {}
}
