package io.jenkins.plugins.concurrency.steps;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.concurrency.agent.PollingTask;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Detects steps that were ended without being told, and tells them. {@code …/kill} ends a build as if its program had
 * never existed. {@code …/term} ends the running steps for the program, which continues without them. Builds can also
 * be deleted. Thread-safe; methods return at once.
 */
@Extension
public final class ForcedEndDetector extends RunListener<Run<?, ?>> {

    private static final Logger LOGGER = Logger.getLogger(ForcedEndDetector.class.getName());

    private static final String WHY = "it was ended by force";

    /** A step that has not ended, as far as it knows. */
    private record Member(Run<?, ?> build, Runnable onForcedEnd) {}

    private final Map<StepExecution, Member> members = new ConcurrentHashMap<>();
    private final PollingTask poll = new PollingTask(this::poll, () -> !members.isEmpty());

    public static ForcedEndDetector get() {
        return ExtensionList.lookupSingleton(ForcedEndDetector.class);
    }

    /**
     * Adds a step that runs.
     *
     * @param onForcedEnd called once when the program stops waiting for the step, unless the step is removed before;
     *     may block
     */
    public void add(StepExecution step, Run<?, ?> build, Runnable onForcedEnd) {
        members.put(step, new Member(build, onForcedEnd));
        poll.start();
    }

    /** How many steps run. */
    public int size() {
        return members.size();
    }

    /** Removes a step. Call before the step ends by itself. */
    public void remove(StepExecution step) {
        members.remove(step);
    }

    @Override
    public void onCompleted(Run<?, ?> build, TaskListener listener) {
        notifySteps(build);
    }

    @Override
    public void onDeleted(Run<?, ?> build) {
        notifySteps(build);
    }

    private void notifySteps(Run<?, ?> build) {
        members.forEach((step, member) -> {
            if (member.build().equals(build)) {
                notifyStep(step);
            }
        });
    }

    private void notifyStep(StepExecution step) {
        Member member = members.remove(step);
        if (member != null) {
            RunThreads.ofController().execute(member.onForcedEnd());
        }
    }

    private void poll() {
        members.values().stream().map(Member::build).collect(Collectors.toSet()).forEach(this::poll);
    }

    private void poll(Run<?, ?> build) {
        if (!build.isBuilding()) {
            notifySteps(build);
            return;
        }
        FlowExecutionOwner owner = ((FlowExecutionOwner.Executable) build).asFlowExecutionOwner();
        FlowExecution program = owner == null ? null : owner.getOrNull();
        if (program == null) {
            return;
        }
        List<StepExecution> known = members.entrySet().stream()
                .filter(entry -> entry.getValue().build().equals(build))
                .map(Map.Entry::getKey)
                .toList();
        Futures.addCallback(
                program.getCurrentExecutions(false),
                new FutureCallback<List<StepExecution>>() {
                    @Override
                    public void onSuccess(List<StepExecution> current) {
                        // Before and while Jenkins stops, programs are suspended: they have no current steps either.
                        if (!Jenkins.get().isTerminating() && !Jenkins.get().isQuietingDown()) {
                            known.stream().filter(step -> !current.contains(step)).forEach(ForcedEndDetector.this::notifyStep);
                        }
                    }

                    @Override
                    public void onFailure(Throwable thrown) {
                        LOGGER.log(Level.FINE, thrown, () -> "can't ask " + build + " for its steps");
                    }
                },
                MoreExecutors.directExecutor());
    }

    /**
     * Marks a run's files as those of a step that was ended by force: writes this to the journal, and removes the run's
     * spec. Blocks. Nothing else may write to the journal any more.
     *
     * @param total how many branches the run has; negative if that is not known
     */
    public static void record(RunFiles files, int total) {
        try {
            JournalIndex journal = JournalIndex.read(files.journal());
            if (journal.finished() == null) {
                try (JournalWriter writer = new JournalWriter(files.journal())) {
                    writer.append(new JournalEntry.Finished(Math.max(0, total), WHY));
                }
            }
            files.deleteInputs();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't end " + files); // the build was deleted
        }
    }
}
