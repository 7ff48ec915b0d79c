package io.jenkins.plugins.concurrency.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Computer;
import hudson.security.ACL;
import hudson.security.Permission;
import hudson.slaves.DumbSlave;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlPage;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Who may see the configuration, who may change it, and who may ask its web methods. */
public class ConfigurationPermissionTest {

    private static final String RULES = DestinationRules.class.getName();

    private static final List<String> WEB_METHODS = List.of(
            StepDefaults.class.getName() + "/checkConcurrency?value=0",
            StepDefaults.class.getName() + "/checkRate?value=-1",
            StepLimits.class.getName() + "/checkTimeout?value=x",
            SizeLimits.class.getName() + "/checkText?value=0",
            RULES + "/checkAllow?value=a%20b",
            RULES + "/test?url=http://127.0.0.1/&internal=false&allow=&refuse=",
            ConcurrencyConfiguration.class.getName() + "/checkAgentTimeout?value=0");

    @ClassRule
    public static final JenkinsRule JENKINS = new JenkinsRule();

    @Before
    public void createUsers() {
        ConcurrencyConfiguration.get().setSupervisorHeap(333);
        ConcurrencyConfiguration.get().getController().setRefuse("refused.example.org");
        JENKINS.jenkins.setSecurityRealm(JENKINS.createDummySecurityRealm());
        MockAuthorizationStrategy strategy = new MockAuthorizationStrategy();
        strategy.grant(Jenkins.ADMINISTER).everywhere().to("admin");
        strategy.grant(Jenkins.READ, Jenkins.SYSTEM_READ).everywhere().to("viewer");
        strategy.grant(Jenkins.READ, Permission.READ).everywhere().to("reader");
        strategy.grant(Jenkins.READ, Computer.CONFIGURE).everywhere().to("keeper");
        JENKINS.jenkins.setAuthorizationStrategy(strategy);
    }

    private JenkinsRule.WebClient client(String user) throws Exception {
        return JENKINS.createWebClient().withThrowExceptionOnFailingStatusCode(false).login(user);
    }

    private int status(String user, HttpMethod method, String path) throws Exception {
        JenkinsRule.WebClient client = client(user);
        WebRequest request = new WebRequest(new URL(JENKINS.getURL(), path), method);
        return client.getPage(client.addCrumb(request)).getWebResponse().getStatusCode();
    }

    @Test
    public void whoMaySeeTheSystemSeesValuesAndNoFields() throws Exception {
        HtmlPage page = client("viewer").goTo("manage/configure");
        String text = page.asNormalizedText();
        assertTrue(text, text.contains("Concurrency Steps") && text.contains("Heap of a supervisor, in MiB"));
        assertTrue(text, text.contains("333") && text.contains("refused.example.org"));
        assertTrue(page.getElementsByName("_.supervisorHeap").isEmpty());
        assertTrue(page.getElementsByName("_.refuse").isEmpty());
        assertTrue("nothing to test with", page.getElementsByName("url").isEmpty());
    }

    @Test
    public void whoMayNotSeeTheSystemSeesNothing() throws Exception {
        assertEquals(403, status("reader", HttpMethod.GET, "manage/configure"));
    }

    @Test
    public void onlyAdministratorsChangeIt() throws Exception {
        for (String user : List.of("viewer", "reader")) {
            String form = "json=%7B%22io-jenkins-plugins-concurrency-config-ConcurrencyConfiguration%22:"
                    + "%7B%22supervisorHeap%22:%22444%22%7D%7D";
            assertEquals(user, 403, status(user, HttpMethod.POST, "manage/configSubmit?" + form));
            assertEquals(user, 333, ConcurrencyConfiguration.get().getSupervisorHeap());
        }
    }

    @Test
    public void webMethodsAreForAdministratorsWhoPost() throws Exception {
        for (String method : WEB_METHODS) {
            String path = "descriptorByName/" + method;
            assertEquals(path, 200, status("admin", HttpMethod.POST, path));
            assertEquals(path, 404, status("admin", HttpMethod.GET, path));
            assertEquals(path, 403, status("viewer", HttpMethod.POST, path));
            assertEquals(path, 403, status("reader", HttpMethod.POST, path));
        }
    }

    @Test
    public void whoKeepsAgentsMayHaveTheirFieldsChecked() throws Exception {
        String path = "descriptorByName/" + NodeLimitsProperty.class.getName() + "/checkProcesses?value=-1";
        assertEquals(200, status("admin", HttpMethod.POST, path));
        assertEquals(200, status("keeper", HttpMethod.POST, path));
        assertEquals(403, status("viewer", HttpMethod.POST, path));
    }

    /** Somebody who may configure one agent. */
    private static final class OneAgent extends MockAuthorizationStrategy {

        private static final String AGENT = "mine";

        OneAgent() {
            grant(Jenkins.READ).everywhere().toEveryone();
        }

        @Override
        public ACL getACL(Computer computer) {
            return AGENT.equals(computer.getName()) ? ACL.lambda2((who, what) -> true) : getRootACL();
        }
    }

    @Test
    public void whoKeepsOneAgentMayHaveItsFieldsChecked() throws Exception {
        JENKINS.jenkins.setAuthorizationStrategy(new OneAgent());
        DumbSlave mine = JENKINS.createSlave(OneAgent.AGENT, null, null);
        mine.getNodeProperties().add(new NodeLimitsProperty());
        JENKINS.createSlave("theirs", null, null);
        HtmlPage page = client("keeper").goTo("computer/mine/configure");
        HtmlElement field = page.getElementByName("_.processes");
        String check = field.getAttribute("checkUrl");
        assertTrue(check, check.contains("/computer/mine/descriptorByName/"));
        String path = check.substring(check.indexOf("computer/")) + "?value=-1";
        assertEquals(200, status("keeper", HttpMethod.POST, path));
        assertEquals(403, status("keeper", HttpMethod.POST, path.replace("mine", "theirs")));
    }
}
