package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Descriptor;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.steps.fetch.ParallelFetchStep;
import io.jenkins.plugins.concurrency.steps.gather.GatherStep;
import io.jenkins.plugins.concurrency.steps.pool.CpuPoolStep;
import io.jenkins.plugins.concurrency.steps.pool.IoPoolStep;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** What a form shows of a step is what it makes of it again. */
public class StepConfigurationTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Test
    public void cpuPool() throws Exception {
        CpuPoolStep step = new CpuPoolStep();
        step.setInputs("one\ntwo");
        step.setGroovy("input.size()");
        step.setWorkers(3);
        step.setClasspath("lib/*");
        step.setMemory(512);
        step.setMaxTasksPerWorker(100);
        step.setName("sizes");
        step.setRetries(2);
        step.setRetryDelay(7);
        step.setTimeout(60);
        step.setFailFast(true);
        step.setQuiet(true);
        step.setOnFailure("fail");
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    @Test
    public void cpuPoolWithTasks() throws Exception {
        CpuPoolStep step = new CpuPoolStep();
        step.setTasks("make api\nmake web");
        CpuPoolStep again = new StepConfigTester(jenkins).configRoundTrip(step);
        assertEquals(List.of("make api", "make web"), again.getTasks());
        assertEquals("unstable", again.getOnFailure());
    }

    @Test
    public void cpuPoolWithAllThatBoundsItsProcesses() throws Exception {
        CpuPoolStep step = new CpuPoolStep();
        step.setInputsFile("inputs.ndjson");
        step.setCommand("gzip {}");
        step.setTimeout("300%");
        step.setNice(5);
        step.setMemory(512);
        step.setAffinity("core");
        step.setMemFree(1024);
        step.setDelay(0.2);
        step.setRetryDelay(0.5);
        step.setMaxTasksPerWorker(100);
        step.setMaxOutput(16);
        step.setKeepOutput(true);
        step.setFollow(true);
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    @Test
    public void ioPool() throws Exception {
        IoPoolStep step = new IoPoolStep();
        step.setInputs("one\ntwo");
        step.setWorker("python3 score.py");
        step.setThreads(16);
        step.setMaxTasksPerWorker(5);
        step.setAffinity("core");
        step.setRetries(2);
        step.setTimeout(60);
        step.setLabel("linux && !slow");
        step.setNodes(8);
        step.setStash("tools");
        step.setCollect("out/**");
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    @Test
    public void poolsAsScripts() throws Exception {
        IoPoolStep io = new IoPoolStep();
        io.setInputs("one");
        io.setCommand("git clone {}");
        io.setTimeout("2.50");
        io.setRetryDelay("1");
        io.setThreads(4);
        CpuPoolStep cpu = new CpuPoolStep();
        cpu.setInputs("one");
        cpu.setGroovy("input");
        cpu.setClasspath("lib/*");
        cpu.setMemory(64);
        assertEquals("ioPool command: 'git clone {}', inputs: ['one'], threads: 4, timeout: 2.5", Snippetizer.object2Groovy(io));
        assertEquals(
                "cpuPool classpath: ['lib/*'], groovy: 'input', inputs: ['one'], memory: 64", Snippetizer.object2Groovy(cpu));
    }

    @Test
    public void parallelFetch() throws Exception {
        ParallelFetchStep step = new ParallelFetchStep();
        step.setUrlsFile("urls.txt");
        step.setToDir("pages");
        step.setConcurrency(16);
        step.setPerHost(2);
        step.setRate(2.5);
        step.setConnectTimeout(1.5);
        step.setIdleTimeout(7);
        step.setTimeout(20);
        step.setMethod("POST");
        step.setHeaders(new LinkedHashMap<>(Map.of("Accept", "text/plain", "X-Test", "a: b")));
        step.setBody("a body");
        step.setValidStatus("200:299,304");
        step.setMaxBytes(12345);
        step.setOnExisting("revalidate");
        step.setFollowRedirects(false);
        step.setCredentialsId("mine");
        step.setIgnoreTls(true);
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    @Test
    public void aLimitThatFindsItself() throws Exception {
        ParallelFetchStep step = new ParallelFetchStep();
        step.setUrlsFile("urls.txt");
        step.setConcurrency("auto");
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
        assertEquals("parallelFetch concurrency: 'auto', urlsFile: 'urls.txt'", Snippetizer.object2Groovy(step));
    }

    @Test
    public void aFormSaysWhatNumbersAreAllowed() throws Exception {
        assertAnswer("Enter a whole number from 0 to 19", CpuPoolStep.class, "nice", "20");
        assertAnswer("<div/>", CpuPoolStep.class, "nice", "19");
        assertAnswer("Enter a whole number of 0 or more", CpuPoolStep.class, "workers", "many");
        assertAnswer("Enter a whole number of 1 or more", IoPoolStep.class, "nodes", "0");
        assertAnswer("Enter a whole number from 1 to 10000, or auto", ParallelFetchStep.class, "concurrency", "0");
        assertAnswer("<div/>", ParallelFetchStep.class, "concurrency", "auto");
        assertAnswer("Enter a number of seconds, 0 or more", ParallelFetchStep.class, "idleTimeout", "soon");
        assertAnswer("Enter a whole number of 0 or more", GatherStep.class, "retries", "-1");
    }

    private void assertAnswer(String said, Class<? extends Step> step, String field, String value) throws Exception {
        Descriptor<?> descriptor = jenkins.jenkins.getDescriptorOrDie(step);
        String url = jenkins.executeOnServer(() -> descriptor.getCheckMethod(field).toStemUrl());
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            WebRequest request = new WebRequest(new URL(jenkins.getURL(), url + "?value=" + value), HttpMethod.POST);
            String answer = client.getPage(client.addCrumb(request)).getWebResponse().getContentAsString();
            assertTrue(answer, answer.contains(said));
        }
    }
}
