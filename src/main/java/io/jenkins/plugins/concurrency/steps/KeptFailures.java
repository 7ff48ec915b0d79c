package io.jenkins.plugins.concurrency.steps;

import hudson.AbortException;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.util.XStream2;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import io.jenkins.plugins.concurrency.steps.result.BranchFailuresException;
import java.util.List;
import org.jenkinsci.plugins.workflow.support.storage.BulkFlowNodeStorage;
import org.jenkinsci.plugins.workflow.support.storage.SimpleXStreamFlowNodeStorage;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Stores this plugin's exceptions with a build as Jenkins' own {@link AbortException}. Graph views fail on a build
 * whose exceptions can't be read any more, for example without this plugin.
 */
@Restricted(NoExternalUse.class)
public final class KeptFailures {

    private KeptFailures() {}

    /** Called before any build is loaded or saved. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.JOB_LOADED)
    public static void keepAsJenkinsOwn() {
        for (XStream2 graphs : List.of(BulkFlowNodeStorage.XSTREAM, SimpleXStreamFlowNodeStorage.XSTREAM)) {
            String name = AbortException.class.getName();
            graphs.alias(name, BranchFailuresException.class);
            graphs.alias(name, WrongArgumentException.class);
            graphs.alias(name, AbortException.class); // last, so that this name is read as an AbortException
            graphs.omitField(BranchFailuresException.class, BranchFailuresException.RESULTS);
        }
    }
}
