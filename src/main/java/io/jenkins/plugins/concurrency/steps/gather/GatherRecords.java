package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.steps.ForcedEndDetector;
import io.jenkins.plugins.concurrency.steps.StepCompletion;
import io.jenkins.plugins.concurrency.steps.StepLog;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.result.BranchResults;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * What a {@code gather} step writes down: its description, how its branches end, their values, and lines of the build's
 * log. Part of the program state. For the CPS thread, except where noted.
 */
final class GatherRecords implements Serializable {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(GatherRecords.class.getName());

    private final StepContext context;
    private final StepLabel label;
    private final int total;
    private final String runId = UUID.randomUUID().toString();

    /** Values that no journal can store, by the branches' indexes. */
    private final Map<Integer, Object> values = new TreeMap<>();

    // Belongs to this process. Guarded by this.
    private transient RunFiles opened;
    private transient GatherJournal journal;

    /** Masks the secrets of the step's environment in what is written. */
    private transient SecretMask mask;

    /**
     * @param label without secrets
     * @param total how many branches there are
     */
    GatherRecords(StepContext context, StepLabel label, int total) {
        this.context = context;
        this.label = label;
        this.total = total;
    }

    /** Writes the description for pages. */
    void describe(int workers, List<BranchNeeds> needs) throws IOException, InterruptedException {
        RunFiles files = files();
        Files.createDirectories(files.directory());
        files.writeDescription(new RunDescription(
                label.function(), label.text(), total, workers, System.currentTimeMillis(), needs));
    }

    /** Opens the journal. Returns false if it was open already. Called by any thread. */
    synchronized boolean open(int failureLimit) throws IOException, InterruptedException {
        if (journal != null) {
            return false;
        }
        opened = files();
        journal = new GatherJournal(opened, runId, label, total, failureLimit, StepLog.of(context));
        return true;
    }

    /** The journal; {@code null} if it is not open. Called by any thread. */
    synchronized GatherJournal journal() {
        return journal;
    }

    /** One line about the step's progress. Called by any thread. */
    synchronized String status() {
        return journal == null ? label.text() : journal.progress().line();
    }

    /** Closes the open journal, and writes that the step was ended by force. Called by any thread. */
    synchronized void endByForce() {
        try {
            journal.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't close " + opened);
        }
        ForcedEndDetector.record(opened, total);
    }

    /** Reads the journal of a step whose branches have all ended. */
    RunProgress readProgress() throws IOException, InterruptedException {
        RunProgress progress = new RunProgress(label, total);
        JournalIndex.read(files().journal()).forEach(progress::restore);
        return progress;
    }

    /** Stores the value of a branch. Returns the details of its outcome. */
    Map<String, Object> value(GatherBranch branch, GatherValue returned) throws IOException, InterruptedException {
        GatherValue value = returned.masked(mask());
        if (value.object() != null) {
            values.put(branch.index(), value.object());
        }
        return Collections.singletonMap(OutcomeDetail.VALUE, value.json());
    }

    /**
     * Writes the end to the build's log, and ends the step.
     *
     * @param failure the step ends with this, whatever its branches do; {@code null} for nothing
     * @param problem why the test results could not be written; {@code null} if they were
     */
    void complete(RunProgress progress, @CheckForNull Throwable failure, @CheckForNull String problem)
            throws IOException, InterruptedException {
        StepCompletion end = new StepCompletion(context, label, progress);
        end.log(() -> 0);
        if (failure == null) {
            end.complete(new BranchResults(context.get(Run.class), runId, label.text(), values), problem);
        } else {
            end.fail(failure, problem);
        }
    }

    RunFiles files() throws IOException, InterruptedException {
        return RunFiles.in(context.get(Run.class).getRootDir().toPath(), runId);
    }

    PrintStream log() throws IOException, InterruptedException {
        return StepLog.of(context).getLogger();
    }

    SecretMask mask() throws IOException, InterruptedException {
        if (mask == null) {
            mask = ContextSecrets.of(context).mask();
        }
        return mask;
    }
}
