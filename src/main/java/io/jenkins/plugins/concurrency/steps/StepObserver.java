package io.jenkins.plugins.concurrency.steps;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.nodes.NodesObserver;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.secret.FetchSecrets;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * What a step's run tells it and asks it. Called by the threads of the run, never by the CPS thread.
 *
 * @param files the run's files in the build directory
 * @param listener the step's part of the build's log
 * @param onAgent whether the step itself is on an agent
 * @param termination ends the step when the run has ended
 */
record StepObserver(
        StepContext context,
        StepLabel label,
        RunFiles files,
        TaskListener listener,
        boolean onAgent,
        StepTermination termination)
        implements NodesObserver {

    @Override
    public void branchEnded(Outcome outcome) {
        termination.progress().add(outcome);
    }

    @Override
    public void branchRestored(Outcome outcome) {
        termination.progress().restore(outcome);
    }

    @Override
    public void fetched(int count) {
        termination.progress().fetched(count);
    }

    @Override
    public void finishedOnNode(JournalEntry.Finished last) {
        termination.progress().supervisorHad(last.heapBytes());
    }

    @Override
    public void finished(JournalEntry.Finished last) {
        finishedOnNode(last);
        if (label.junit() == null) {
            termination.finish(last, null);
        } else {
            JunitFile.write(
                    context,
                    label,
                    files,
                    termination.progress(),
                    termination::hasEnded,
                    problem -> termination.finish(last, problem));
        }
    }

    @Override
    public EnvVars environment() throws IOException, InterruptedException {
        return environment(context, onAgent);
    }

    @Override
    public EnvVars environment(StepContext node) throws IOException, InterruptedException {
        return environment(node, true);
    }

    private EnvVars environment(StepContext place, boolean toAgent) throws IOException, InterruptedException {
        EnvVars environment = place.get(EnvVars.class);
        return FetchSecrets.addedTo(environment, files.readSpec().work(), context.get(Run.class), toAgent);
    }

    @Override
    public FilePath directory() throws IOException, InterruptedException {
        return context.get(FilePath.class);
    }

    @Override
    public Launcher launcher() throws IOException, InterruptedException {
        return context.get(Launcher.class);
    }

    @Override
    public void log(String message) {
        if (!label.isQuiet()) {
            warn(message);
        }
    }

    @Override
    public void warn(String message) {
        listener.getLogger().println(label.text() + ": " + LogText.line(message, StepTermination.MAX_SAID));
    }

    @Override
    public void consoleOutput(String lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines.split("\n")) {
            text.append(LogText.coloured(line, StepTermination.MAX_SAID)).append('\n');
        }
        listener.getLogger().print(text); // one call, so that no other text gets between the lines
    }
}
