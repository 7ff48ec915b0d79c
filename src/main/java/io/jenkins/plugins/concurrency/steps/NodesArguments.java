package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.model.Label;
import io.jenkins.plugins.concurrency.nodes.NodesRequest;
import io.jenkins.plugins.concurrency.nodes.PathPattern;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Reads the parameters that select a step's own nodes. */
public record NodesArguments(RunStep step) {

    /**
     * The nodes that the step asks for; {@code null} if it works where it is called. Call with the build's
     * authentication.
     */
    @CheckForNull
    public NodesRequest request(StepContext context) throws WrongArgumentException, IOException, InterruptedException {
        if (step.getLabel() == null) {
            refuse("nodes", step.getNodes() != 1);
            refuse("stash", step.getStash() != null);
            refuse("collect", step.getCollect() != null);
            return null;
        }
        try {
            Label.parseExpression(step.getLabel());
        } catch (IllegalArgumentException e) {
            throw step.wrong("label", "'" + step.getLabel() + "' is no label: " + e.getMessage());
        }
        return new NodesRequest(
                step.getLabel(),
                step.getNodes(),
                step.getStash(),
                collect(),
                context.get(FilePath.class) != null);
    }

    private void refuse(String parameter, boolean given) throws WrongArgumentException {
        if (given) {
            throw step.wrong(parameter, "needs 'label', which selects the nodes");
        }
    }

    private String collect() throws WrongArgumentException {
        try {
            if (step.getCollect() != null) {
                new PathPattern(step.getCollect());
            }
            return step.getCollect();
        } catch (IllegalArgumentException e) {
            throw step.wrong("collect", e.getMessage());
        }
    }
}
