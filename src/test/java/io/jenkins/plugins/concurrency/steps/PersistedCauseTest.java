package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import hudson.model.Result;
import hudson.util.XStream2;
import io.jenkins.plugins.concurrency.steps.gather.FailFastCause;
import io.jenkins.plugins.concurrency.steps.gather.TimeoutCause;
import java.time.Duration;
import java.util.List;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.Test;

/** What is kept of an interruption by this plugin can be read without it. */
public class PersistedCauseTest {

    @Test
    public void eachCauseIsReadAsOneOfPipelinesOwn() {
        List<PersistedCause> causes = List.of(
                new TimeoutCause(Duration.ofSeconds(2)), new FailFastCause("<b>"), new StopRecord.RecordedCause("a & b"));
        for (PersistedCause cause : causes) {
            FlowInterruptedException kept = new FlowInterruptedException(Result.ABORTED, true, cause);
            XStream2 xml = new XStream2();
            FlowInterruptedException read = (FlowInterruptedException) xml.fromXML(xml.toXML(kept));
            CauseOfInterruption other = read.getCauses().get(0);
            assertEquals("Exception: " + cause.getShortDescription(), other.getShortDescription());
            assertFalse(other.getClass().toString(), other instanceof PersistedCause);
        }
    }
}
