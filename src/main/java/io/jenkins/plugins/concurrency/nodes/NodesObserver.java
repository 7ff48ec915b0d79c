package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What a run on several nodes asks of its step, in addition to what other runs ask. Called by any thread. */
public interface NodesObserver extends RunHandle.Observer {

    /**
     * The environment that commands see on a node.
     *
     * @param node the context inside a {@code node} there
     */
    EnvVars environment(StepContext node) throws IOException, InterruptedException;

    /** The step's directory; {@code null} if it has none, or the agent is not connected. */
    @CheckForNull
    FilePath directory() throws IOException, InterruptedException;

    /** The run has ended on one of its nodes. */
    void finishedOnNode(JournalEntry.Finished last);

    /** Writes a line into the build's log. */
    void log(String message);
}
