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

    /** Values by indexes that the journal can't hold. */
    private final Map<Integer, Object> keptValues;

    /** The build, so that no permission is needed to find it; gone after a restart. */
    private transient Run<?, ?> run;

    /** Where the outcomes stand; read when first needed, and again after a restart. */
    private transient JournalIndex journal;

    /** What somebody has read of it before; until it is needed. */
    private transient JournalIndex known;

    /** @param keptValues values by indexes that take the place of the journal's; serializable */
    BranchOutcomes(Run<?, ?> build, String runId, String label, Map<Integer, Object> keptValues) {
        this.build = build.getExternalizableId();
        this.run = build;
        this.runId = runId;
        this.label = label;
        this.keptValues = keptValues;
    }

    /** Where the outcomes stand. */
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
     * Makes use of what somebody else has read, so that only the rest is to be read.
     *
     * @param index of the run's journal, nobody else's any more; {@code null} for none
     */
    synchronized void take(@CheckForNull JournalIndex index) {
        known = index;
    }

    /** How a branch ended; needs no look at the journal. */
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

    /** How many branches there are. */
    int size() {
        return journal().total();
    }

    /** Equal are the outcomes of the same step of the same build. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BranchOutcomes outcomes && outcomes.build.equals(build) && outcomes.runId.equals(runId);
    }

    @Override
    public int hashCode() {
        return runId.hashCode();
    }

    /** The step that they belong to. */
    @Override
    public String toString() {
        return label;
    }
}
