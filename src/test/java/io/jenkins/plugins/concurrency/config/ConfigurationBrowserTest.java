package io.jenkins.plugins.concurrency.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.view.Browser;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The section of the system configuration in a browser. */
public class ConfigurationBrowserTest {

    private static final JenkinsRule JENKINS = new JenkinsRule();
    private static final Browser BROWSER = new Browser();

    /** Core puts its help buttons at the end of the order of focus. */
    private static final String JENKINS_OWN = ".jenkins-help-button";

    /** No browser, no Jenkins: what would be skipped need not be started. */
    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(BROWSER).around(JENKINS);

    @Before
    public void open() throws Exception {
        BROWSER.driver().get("about:blank");
        BROWSER.driver().get(JENKINS.getURL() + "manage/configure");
        BROWSER.await("the form", () -> BROWSER.find("[name='_.supervisorHeap']").isDisplayed());
        BROWSER.awaitChecks();
        markSection();
        BROWSER.console();
    }

    /** Jenkins puts all sections into one form; this finds the innermost element that has all of ours. */
    private static void markSection() {
        BROWSER.script("const field = document.querySelector(\"[name='_.supervisorHeap']\");"
                + "let section = field; while (!section.querySelector(\"[name='_.agentTimeout'],[name='_.journal']\")"
                + " || !section.querySelector(\"[name='_.threads']\")) section = section.parentElement;"
                + "section.id = 'concurrency-steps';");
    }

    private static WebElement field(String name, int which) {
        return BROWSER.driver().findElements(org.openqa.selenium.By.cssSelector("#concurrency-steps [name='" + name + "']"))
                .get(which);
    }

    private static void type(WebElement field, String text) {
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text, Keys.TAB);
    }

    private static String error(WebElement field) {
        return (String) BROWSER.script(
                "return arguments[0].closest('.jenkins-form-item').querySelector('.validation-error-area').textContent",
                field);
    }

    private static String testResult(int which) {
        return BROWSER.texts("#concurrency-steps .jenkins-validate-button__container__status").get(which);
    }

    private static void press(String css, int which) {
        WebElement button = BROWSER.driver().findElements(org.openqa.selenium.By.cssSelector(css)).get(which);
        BROWSER.script("arguments[0].scrollIntoView({block: 'center'})", button);
        button.click();
    }

    @Test
    public void whatIsSavedIsSeenAgain() throws Exception {
        type(field("_.concurrency", 0), "33");
        type(field("_.rate", 1), "12.5");
        type(field("_.allow", 0), "*.example.org\n10.1.0.0/16");
        type(field("_.journal", 0), "99");
        WebElement ignoreTls = field("_.allowIgnoreTls", 0);
        BROWSER.script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", ignoreTls);
        press(".jenkins-submit-button", 0);
        BROWSER.await("the save", () -> ConcurrencyConfiguration.get().getDefaults().getConcurrency() == 33);
        open();
        assertEquals("33", field("_.concurrency", 0).getDomProperty("value"));
        assertEquals("12.5", field("_.rate", 1).getDomProperty("value"));
        assertEquals("*.example.org\n10.1.0.0/16", field("_.allow", 0).getDomProperty("value"));
        assertEquals("99", field("_.journal", 0).getDomProperty("value"));
        assertTrue(field("_.allowIgnoreTls", 0).isSelected());
        assertEquals(
                List.of("*.example.org", "10.1.0.0/16"),
                ConcurrencyConfiguration.get().getController().policy().allowed());
        BROWSER.picture("configuration");
    }

    @Test
    public void theLimitsOfANodeAreSavedAndSeenAgain() throws Exception {
        String name = JENKINS.createSlave().getNodeName();
        String page = JENKINS.getURL() + "computer/" + name + "/configure";
        String box = "input[name='io-jenkins-plugins-concurrency-config-NodeLimitsProperty']";
        BROWSER.driver().get(page);
        BROWSER.await("the form", () -> BROWSER.number("document.querySelectorAll(\"" + box + "\").length") == 1);
        BROWSER.awaitChecks();
        BROWSER.script("const box = document.querySelector(\"" + box + "\");"
                + " box.scrollIntoView({block: 'center'}); box.click()");
        BROWSER.await("its fields", () -> BROWSER.find("[name='_.processes']").isDisplayed());
        type(BROWSER.find("[name='_.processes']"), "-1");
        WebElement processes = BROWSER.find("[name='_.processes']");
        BROWSER.await("the reason", () -> error(processes).contains("Enter a whole number: 0 or more"));
        type(processes, "7");
        press(".jenkins-submit-button", 0);
        BROWSER.await("the save", () -> limits(name) != null);
        assertEquals(Integer.valueOf(7), limits(name).getProcesses());
        assertNull("left empty", limits(name).getMemory());
        BROWSER.driver().get(page);
        BROWSER.await("the form", () -> BROWSER.find("[name='_.processes']").isDisplayed());
        assertEquals("7", BROWSER.find("[name='_.processes']").getDomProperty("value"));
        assertEquals("", BROWSER.find("[name='_.memory']").getDomProperty("value"));
    }

    private static NodeLimitsProperty limits(String node) {
        return JENKINS.jenkins.getNode(node).getNodeProperty(NodeLimitsProperty.class);
    }

    @Test
    public void aFieldSaysAtOnceWhatIsWrong() {
        WebElement heap = field("_.supervisorHeap", 0);
        type(heap, "12");
        BROWSER.await("the reason", () -> error(heap).contains("Enter a whole number: 64 to 65536"));
        type(heap, "128");
        BROWSER.await("its end", () -> !error(heap).contains("Enter a whole number"));
        WebElement refuse = field("_.refuse", 1);
        type(refuse, "ok.example.org\n10.0.0.0/64");
        BROWSER.await("the bad line", () -> error(refuse).contains("line 2: '10.0.0.0/64' is not an address range"));
    }

    @Test
    public void theTestButtonSaysWhetherAndWhy() throws Exception {
        type(field("url", 0), "http://127.0.0.1:8080/");
        press("#concurrency-steps .validate-button", 0);
        BROWSER.await("a refusal", () -> testResult(0).contains("refused: '127.0.0.1' is a loopback address"));
        type(field("_.allow", 0), "127.0.0.0/8");
        press("#concurrency-steps .validate-button", 0);
        BROWSER.await("a rule that is not saved", () -> testResult(0).contains("by the rule '127.0.0.0/8'"));
        type(field("url", 1), "http://127.0.0.1:8080/");
        press("#concurrency-steps .validate-button", 1);
        BROWSER.await("agents' own answer", () -> testResult(1).contains("internal destinations are allowed"));
        assertFalse("the other stays", testResult(0).contains("internal destinations"));
        BROWSER.picture("configuration-test");
    }

    @Test
    public void everyFieldHasHelp() {
        long fields = BROWSER.number("document.querySelectorAll(\"#concurrency-steps [name^='_.'], "
                + "#concurrency-steps [name=url]\").length");
        assertEquals(38, fields);
        assertEquals(fields, BROWSER.number("document.querySelectorAll('#concurrency-steps a.jenkins-help-button').length"));
        press("#concurrency-steps a.jenkins-help-button", 0);
        BROWSER.await("the help", () -> BROWSER.texts("#concurrency-steps .help").stream()
                .anyMatch(text -> text.contains("How many requests parallelFetch runs at once")));
    }

    @Test
    public void axeFindsNothingSerious() throws Exception {
        assertEquals(List.of(), BROWSER.accessibilityViolations("#concurrency-steps", JENKINS_OWN));
        BROWSER.script("const dark = document.documentElement.style; dark.setProperty('--background', '#1b1d23');"
                + "dark.setProperty('--text-color', '#e8eaf0'); dark.setProperty('--text-color-secondary', '#a9afbd');"
                + "dark.setProperty('--input-color', '#24272f'); dark.colorScheme = 'dark';");
        BROWSER.picture("configuration-dark");
        assertEquals(List.of(), BROWSER.accessibilityViolations("#concurrency-steps", JENKINS_OWN));
    }
}
