package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import hudson.model.Result;
import hudson.util.XStream2;
import java.time.Duration;
import java.util.List;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.Test;

/** What is kept of an interruption by this plugin can be read without it. */
public class KeptCauseTest {

    @Test
    public void eachCauseIsReadAsOneOfPipelinesOwn() {
        List<KeptCause> causes = List.of(
                new GatherTimeout(Duration.ofSeconds(2)), new GatherFailFast("<b>"), new StopRecord.Told("a & b"));
        for (KeptCause cause : causes) {
            FlowInterruptedException kept = new FlowInterruptedException(Result.ABORTED, true, cause);
            XStream2 xml = new XStream2();
            FlowInterruptedException read = (FlowInterruptedException) xml.fromXML(xml.toXML(kept));
            CauseOfInterruption other = read.getCauses().get(0);
            assertEquals("Exception: " + cause.getShortDescription(), other.getShortDescription());
            assertFalse(other.getClass().toString(), other instanceof KeptCause);
        }
    }
}
