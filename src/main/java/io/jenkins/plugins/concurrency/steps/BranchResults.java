package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.Status;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/**
 * What a step returns: a read-only list of its branches' results in the order of the inputs. In the program state it
 * is no more than the names of build and run; the outcomes are read from the journal in the build directory when they
 * are asked for, also after a restart. For use by one thread at a time, as scripts are.
 */
public final class BranchResults extends AbstractList<BranchResult> implements RandomAccess, Serializable {

    private static final long serialVersionUID = 1;

    private final String build;
    private final String runId;
    private final String label;

    /** Where the outcomes stand; read when first needed, and again after a restart. */
    private transient JournalIndex journal;

    /** Places by name; made when a branch is first looked up by its name. */
    private transient Map<String, Integer> indexes;

    BranchResults(@NonNull Run<?, ?> build, @NonNull String runId, @NonNull String label) {
        this.build = build.getExternalizableId();
        this.runId = runId;
        this.label = label;
    }

    private synchronized JournalIndex journal() {
        if (journal == null) {
            Run<?, ?> run = Run.fromExternalizableId(build);
            if (run == null) {
                throw new IllegalStateException("the results of " + label + " are gone with their build " + build);
            }
            try {
                journal = JournalIndex.read(RunDirectories.of(run, runId).journal());
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
        return journal;
    }

    @NonNull
    Outcome outcome(int index) {
        try {
            Outcome outcome = journal().outcome(index);
            return outcome == null ? Outcome.lost(index, "branch " + (index + 1), "the journal does not say") : outcome;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UncheckedIOException unreadable(IOException cause) {
        return new UncheckedIOException("the results of " + label + " can't be read: " + cause.getMessage(), cause);
    }

    @Override
    @Whitelisted
    public BranchResult get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("branch " + index + " of " + size());
        }
        return new BranchResult(this, index);
    }

    @Override
    @Whitelisted
    public int size() {
        return journal().total();
    }

    /** How many branches succeeded. */
    @Whitelisted
    public int getSucceeded() {
        return journal().count(Status.SUCCEEDED);
    }

    /** How many branches failed. */
    @Whitelisted
    public int getFailed() {
        return journal().count(Status.FAILED);
    }

    /** How many branches were cancelled before they ended. */
    @Whitelisted
    public int getCancelled() {
        return journal().count(Status.CANCELLED);
    }

    /** Whether no branch failed or was cancelled. */
    @Whitelisted
    public boolean isAllSucceeded() {
        return getSucceeded() == size();
    }

    /** The branches that failed or were cancelled, in the order of the inputs. */
    @Whitelisted
    @NonNull
    public List<BranchResult> getFailures() {
        List<Integer> failed = new ArrayList<>();
        try {
            journal().forEach(outcome -> {
                if (outcome.status() != Status.SUCCEEDED) {
                    failed.add(outcome.index());
                }
            });
        } catch (IOException e) {
            throw unreadable(e);
        }
        List<BranchResult> failures = new ArrayList<>();
        failed.stream().sorted().forEach(index -> failures.add(get(index)));
        return failures;
    }

    /** The values of all branches in the order of the inputs; {@code null} for those that did not succeed. */
    @Whitelisted
    @NonNull
    public List<Object> values() {
        Object[] values = new Object[size()];
        try {
            journal().forEach(outcome -> {
                if (outcome.status() == Status.SUCCEEDED) {
                    values[outcome.index()] = outcome.details().get(Detail.VALUE);
                }
            });
        } catch (IOException e) {
            throw unreadable(e);
        }
        return new ArrayList<>(Arrays.asList(values));
    }

    /**
     * The branch with a name: {@code results['name']}.
     *
     * @return {@code null} if there is none
     */
    @Whitelisted
    @CheckForNull
    public BranchResult getAt(@NonNull String name) {
        Integer index = indexes().get(name);
        return index == null ? null : get(index);
    }

    private synchronized Map<String, Integer> indexes() {
        if (indexes == null) {
            Map<String, Integer> places = new HashMap<>();
            try {
                journal().forEach(outcome -> places.put(outcome.name(), outcome.index()));
            } catch (IOException e) {
                throw unreadable(e);
            }
            indexes = places;
        }
        return indexes;
    }

    /** From the start of the first branch to the end of the last, in milliseconds. */
    @Whitelisted
    public long getDurationMillis() {
        return journal().durationMillis();
    }

    /**
     * Returns these results if all branches succeeded.
     *
     * @throws BranchFailuresException otherwise
     */
    @Whitelisted
    @NonNull
    public BranchResults throwIfFailed() throws BranchFailuresException {
        if (!isAllSucceeded()) {
            throw BranchFailuresException.of(this, label);
        }
        return this;
    }

    @Override
    @Whitelisted
    public String toString() {
        return label + ": " + getSucceeded() + " of " + size() + " succeeded";
    }

    /** Equal are the results of the same step of the same build. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BranchResults results && results.build.equals(build) && results.runId.equals(runId);
    }

    @Override
    public int hashCode() {
        return runId.hashCode();
    }
}
