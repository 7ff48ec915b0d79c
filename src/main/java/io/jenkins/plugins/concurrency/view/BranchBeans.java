package io.jenkins.plugins.concurrency.view;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;

/** The branches of a run for the remote API, each read when it is asked for: a range of many costs no more than itself. */
final class BranchBeans extends AbstractList<BranchBean> {

    private final RunIndex run;
    private final int[] indexes;

    BranchBeans(@NonNull RunIndex run) {
        this.run = run;
        this.indexes = run.indexes();
    }

    @Override
    public BranchBean get(int place) {
        try {
            return new BranchBean(run.outcome(indexes[place]), run.lane(indexes[place]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int size() {
        return indexes.length;
    }
}
