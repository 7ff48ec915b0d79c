package io.jenkins.plugins.concurrency.steps.result;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The outcomes of a step's branches. In the program state they are only the names of build and run. They are read from
 * the journal in the build directory when they are needed, also after a restart.
 */
final class BranchOutcomes implements Serializable {

    private static final long serialVersionUID = 1;

    private final String build;
    private final String runId;
    private final String label;

    /** Values that the journal can't store, by index. */
    private final Map<Integer, Object> keptValues;

    /** The build. With it, no permission is needed to find it. {@code null} after a restart. */
    private transient Run<?, ?> run;

    /** The index of the journal. Read when it is needed, and again after a restart. */
    private transient JournalIndex journal;

    /** An index that other code has read before; {@code null} when it is used or missing. */
    private transient JournalIndex known;

    /** @param keptValues values that replace those of the journal, by index; serializable */
    BranchOutcomes(Run<?, ?> build, String runId, String label, Map<Integer, Object> keptValues) {
        this.build = build.getExternalizableId();
        this.run = build;
        this.runId = runId;
        this.label = label;
        this.keptValues = keptValues;
    }

    /** The index of the whole journal. */
    synchronized JournalIndex journal() {
        if (journal == null) {
            journal = known == null ? readAll() : readRest(known);
            known = null;
        }
        return journal;
    }

    private JournalIndex readAll() {
        Run<?, ?> found = run == null ? Run.fromExternalizableId(build) : run;
        if (found == null) {
            throw new IllegalStateException("the results of " + label + " are gone with their build " + build);
        }
        try {
            return JournalIndex.read(RunFiles.in(found.getRootDir().toPath(), runId).journal());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private JournalIndex readRest(JournalIndex index) {
        try {
            index.refresh();
            return index;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Uses an index that other code has read, so that only the rest of the journal must be read.
     *
     * @param index the index of the run's journal, which nothing else uses any more; {@code null} for none
     */
    synchronized void take(@CheckForNull JournalIndex index) {
        known = index;
    }

    /** How a branch ended. Does not read the journal for it. */
    OutcomeStatus status(int index) {
        OutcomeStatus status = journal().status(index);
        return status == null ? OutcomeStatus.FAILED : status;
    }

    Outcome outcome(int index) {
        try {
            Outcome outcome = journal().outcome(index);
            return outcome == null ? Outcome.lost(index, "branch " + (index + 1), "the journal does not say") : outcome;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @CheckForNull
    Object value(Outcome outcome) {
        Object value = keptValues.get(outcome.index());
        return value == null ? outcome.value() : value;
    }

    UncheckedIOException unreadable(IOException cause) {
        return new UncheckedIOException("the results of " + label + " can't be read: " + cause.getMessage(), cause);
    }

    int size() {
        return journal().total();
    }

    /** Equal if they are outcomes of the same step of the same build. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BranchOutcomes outcomes && outcomes.build.equals(build) && outcomes.runId.equals(runId);
    }

    @Override
    public int hashCode() {
        return runId.hashCode();
    }

    /** The step's name. */
    @Override
    public String toString() {
        return label;
    }
}
