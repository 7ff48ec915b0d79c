package org.jenkinsci.plugins.pipeline.modeldefinition.validator;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import java.util.List;
import org.jenkinsci.plugins.pipeline.modeldefinition.ast.ModelASTStep;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;

/** Looks at a Declarative Pipeline before it runs; there is none here. */
public abstract class DeclarativeValidatorContributor implements ExtensionPoint {

    /** What is wrong with the call of a step, a message each. */
    public List<String> validateElementAll(ModelASTStep step, @CheckForNull FlowExecution execution) {
        return List.of();
    }
}
