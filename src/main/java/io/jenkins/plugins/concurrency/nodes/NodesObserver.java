package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What a run on several nodes asks of its step, beyond other runs. Called by any thread. */
public interface NodesObserver extends RunHandle.Observer {

    /**
     * The environment that commands see on a node.
     *
     * @param node the inside of a {@code node} there
     */
    EnvVars environment(StepContext node) throws IOException, InterruptedException;

    /** The directory that the step is in; {@code null} if it is in none, or the agent is not connected. */
    @CheckForNull
    FilePath directory() throws IOException, InterruptedException;

    /** Something that the build's log may have. */
    void log(String message);
}
