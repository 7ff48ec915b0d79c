package io.jenkins.plugins.concurrency.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.model.Node;
import hudson.model.Slave;
import hudson.slaves.DumbSlave;
import hudson.slaves.JNLPLauncher;
import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LoggerRule;

/** What the form shows is what it makes of it again; what it refuses it names. */
public class ConfigurationPageTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    private static final String PROPERTY = NodeLimitsProperty.class.getName().replace('.', '-');
    private static final String TYPE = DumbSlave.class.getName();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    private static String message(FormValidation validation) {
        String html = String.valueOf(validation.getMessage());
        return validation.kind + ": " + html.replace("&#039;", "'").replace("<br>", "\n");
    }

    @Test
    public void aFormThatIsSavedAsItIsChangesNothing() throws Exception {
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        configuration.getDefaults().setTimeout(0);
        configuration.getDefaults().setRate(2.5);
        configuration.getLimits().setRetries(4);
        configuration.getController().setInternal(true);
        configuration.getController().setAllow("# ours\n*.example.org\nfd00::/8");
        configuration.getAgents().setInternal(false);
        configuration.setAllowIgnoreTls(true);
        configuration.setProxyPasswordOnAgents(true);
        configuration.setEnvironmentProxy(false);
        configuration.setClassArchives(false);
        configuration.setSupervisorEarly(false);
        configuration.getSizes().setText(2_048);
        configuration.setAgentTimeout(77);
        configuration.setAgentProcesses(5);
        configuration.setAgentMemory(900);
        configuration.save();
        jenkins.configRoundtrip();
        assertEquals(0, configuration.getDefaults().getTimeout(), 0);
        assertEquals(64, configuration.getDefaults().getConcurrency());
        assertEquals(2.5, configuration.getDefaults().getRate(), 0);
        assertEquals(4, configuration.getLimits().getRetries());
        assertTrue(configuration.getController().getInternal());
        assertEquals(
                "browsers send carriage returns",
                "# ours\n*.example.org\nfd00::/8",
                configuration.getController().getAllow());
        assertFalse(configuration.getAgents().getInternal());
        assertTrue(configuration.isAllowIgnoreTls());
        assertTrue(configuration.isProxyPasswordOnAgents());
        assertFalse(configuration.isEnvironmentProxy());
        assertFalse(configuration.isClassArchives());
        assertFalse(configuration.isSupervisorEarly());
        assertEquals(2_048, configuration.getSizes().getText());
        assertEquals(77, configuration.getAgentTimeout());
        assertEquals(List.of(5, 900), List.of(configuration.getAgentProcesses(), configuration.getAgentMemory()));
        assertEquals(256, configuration.getSupervisorHeap());
    }

    @Test
    public void whatMakesNoSenseIsNotSavedNorIsWhatStoodBeforeIt() throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        HtmlForm form = client.goTo("manage/configure").getFormByName("config");
        form.getInputByName("_.agentTimeout").setValue("55");
        form.getTextAreasByName("_.refuse").get(0).setText("*.example.org\nno host");
        HtmlPage answer = jenkins.submit(form);
        String text = answer.asNormalizedText();
        assertTrue(text, text.contains("Concurrency Steps: refuse: line 2: 'no host' is neither a host"));
        assertEquals(3_600, ConcurrencyConfiguration.get().getAgentTimeout());
        assertEquals("", ConcurrencyConfiguration.get().getController().getRefuse());
    }

    /** What people are told who enter a number in spite of what their browser says. */
    private String message(String page, String field, String number) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        HtmlForm form = client.goTo(page).getFormByName("config");
        form.setAttribute("novalidate", "");
        form.getInputsByName(field).get(0).setValue(number);
        return ((HtmlPage) jenkins.submit(form)).asNormalizedText();
    }

    @Test
    public void numbersThatMakeNoSenseAreNotSaved() throws Exception {
        Slave agent = jenkins.createSlave();
        agent.getNodeProperties().add(new NodeLimitsProperty());
        String page = "computer/" + agent.getNodeName() + "/configure";
        String much = "99999999999";
        String notMuch = "'99999999999' is given; allowed is a whole number up to 2147483647";
        assertMessage("processes: -1 is given; allowed is 0 or more", message(page, "_.processes", "-1"));
        assertMessage(notMuch, message(page, "_.memory", much));
        assertMessage("Concurrency Steps: retries: -1 is given; allowed is 0 or more", message("manage/configure", "_.retries", "-1"));
        assertMessage("Concurrency Steps: " + notMuch, message("manage/configure", "_.agentMemory", much));
        assertMessage("Concurrency Steps: 'fast' is given; allowed is a number", message("manage/configure", "_.rate", "fast"));
    }

    @Test
    public void aNewNodeIsNotMadeWithNumbersThatMakeNoSense() throws Exception {
        String notMuch = "'99999999999' is given; allowed is a whole number up to 2147483647";
        assertMessage(notMuch, newNode("99999999999"));
        assertMessage("processes: -1 is given; allowed is 0 or more", newNode("-1"));
        assertNull(jenkins.jenkins.getNode("new"));
        newNode("7");
        Node made = jenkins.jenkins.getNode("new");
        assertEquals(7, made.getNodeProperty(NodeLimitsProperty.class).getProcesses().intValue());
        jenkins.jenkins.removeNode(made);
    }

    /** Sends the form of a new node. */
    private static String newNode(String processes) throws Exception {
        JSONObject property = JSONObject.fromObject(Map.of("processes", processes, "memory", ""));
        JSONObject properties = JSONObject.fromObject(Map.of("stapler-class-bag", "true", PROPERTY, property));
        JSONObject launcher = JSONObject.fromObject(Map.of("$class", JNLPLauncher.class.getName()));
        JSONObject form = JSONObject.fromObject(Map.of(
                "name", "new", "remoteFS", "/new", "launcher", launcher, "type", TYPE, "nodeProperties", properties));
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), "computer/doCreateItem"), HttpMethod.POST);
        request.setRequestParameters(List.of(
                new NameValuePair("name", "new"),
                new NameValuePair("type", TYPE),
                new NameValuePair("json", form.toString())));
        return ((HtmlPage) client.getPage(client.addCrumb(request))).asNormalizedText();
    }

    private static void assertMessage(String expected, String page) {
        assertTrue(page, page.contains("Error\n" + expected + "\n"));
    }

    @Test
    public void aDefaultAboveItsLimitGetsAWarning() throws Exception {
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        configuration.getLimits().setConcurrency(50);
        configuration.getLimits().setRate(2.5);
        StepDefaults.DescriptorImpl defaults = jenkins.jenkins.getDescriptorByType(StepDefaults.DescriptorImpl.class);
        assertEquals("OK: null", message(defaults.doCheckConcurrency("50")));
        assertEquals("WARNING: Above the saved upper limit: steps get 50", message(defaults.doCheckConcurrency("51")));
        assertEquals("WARNING: Above the saved upper limit: steps get 2.5", message(defaults.doCheckRate("3")));
        assertEquals("OK: null", message(defaults.doCheckTimeout("1000000")));
        LoggerRule log = new LoggerRule().record(ConcurrencyConfiguration.class, Level.WARNING).capture(10);
        configuration.save();
        assertEquals(List.of("the default of concurrency, 64, is above its limit: steps get 50"), log.getMessages());
    }

    @Test
    public void fieldsSayWhatIsWrong() {
        StepDefaults.DescriptorImpl defaults = jenkins.jenkins.getDescriptorByType(StepDefaults.DescriptorImpl.class);
        assertEquals("OK: null", message(defaults.doCheckConcurrency("10000")));
        assertEquals(
                "ERROR: Enter a whole number: 1 to 10000", message(defaults.doCheckConcurrency("10001")));
        assertEquals("ERROR: Enter a whole number: 1 to 10000", message(defaults.doCheckConcurrency("many")));
        assertEquals("ERROR: Enter a number of seconds, 0 or more", message(defaults.doCheckTimeout("-1")));
        assertEquals("OK", message(defaults.doCheckTimeout("2.5")).substring(0, 2));
        assertEquals("ERROR: Enter a number", message(defaults.doCheckRate("fast")));
        assertTrue(message(defaults.doCheckRate("-1")).startsWith("ERROR: rate -1.0 is out of range: give 0"));
        DestinationRules.DescriptorImpl rules = jenkins.jenkins.getDescriptorByType(DestinationRules.DescriptorImpl.class);
        assertEquals("OK: null", message(rules.doCheckAllow("# ours\n\n*.example.org\r\n10.0.0.0/8\n::1")));
        String wrong = message(rules.doCheckAllow("ok.example.org\n10.0.0.0/33\n\nhttp://x/"));
        assertTrue(wrong, wrong.contains("line 2: '10.0.0.0/33' is not an address range"));
        assertTrue(wrong, wrong.contains("line 4: 'http://x/' is neither a host such as *.example.org"));
    }

    @Test
    public void theTestSaysWhetherAndWhy() {
        DestinationRules.DescriptorImpl rules = jenkins.jenkins.getDescriptorByType(DestinationRules.DescriptorImpl.class);
        String own = "http://127.0.0.1:8080/";
        assertEquals(
                "ERROR: refused: '127.0.0.1' is a loopback address, and internal destinations are not allowed",
                message(rules.doTest(own, false, "", "")));
        assertEquals(
                "OK: allowed: 127.0.0.1 is a loopback address, and internal destinations are allowed",
                message(rules.doTest(own, true, "", "")));
        assertEquals(
                "OK: allowed: 127.0.0.1 is a loopback address, by the rule '127.0.0.0/8'",
                message(rules.doTest(own, false, "127.0.0.0/8", "*")));
        assertEquals(
                "ERROR: refused: '169.254.169.254' is a link-local address, which is never allowed",
                message(rules.doTest("http://169.254.169.254/latest/", true, "*", "")));
        assertTrue(message(rules.doTest("http://localhost/", true, "", "local*")).contains(
                "'localhost' is refused by the administrator's rules, by the rule 'local*'"));
        assertEquals("ERROR: 'ftp://x/' is not an http or https URL", message(rules.doTest("ftp://x/", true, "", "")));
        assertEquals("WARNING: Enter a URL to test", message(rules.doTest(" ", true, "", "")));
        assertEquals(
                "WARNING: The controller finds no address for this host",
                message(rules.doTest("http://nobody.invalid/", true, "", "")));
        assertTrue(message(rules.doTest(own, true, "10.0.0.0/99", "")).startsWith("ERROR: allow: line 1: '10.0.0.0/99'"));
    }
}
