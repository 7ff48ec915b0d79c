package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.view.Browser;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The snippet generator in a browser: what it makes of the forms runs as it is. */
public class SnippetBrowserTest {

    private static final PipelineRule JENKINS = new PipelineRule();
    private static final Browser BROWSER = new Browser();

    /** Core puts its help buttons at the end of the order of focus. */
    private static final String JENKINS_OWN = ".jenkins-help-button";

    private static final String FORM = "#step-form";

    /** No browser, no Jenkins: what would be skipped need not be started. */
    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(BROWSER).around(JENKINS);

    @Rule
    public final HttpTestServer server = new HttpTestServer((request, to) -> to.respond(
            201, request.method() + " " + request.headers().get("x-test") + " " + request.bodyText()));

    /** Opens the form of a step with everything that is folded away. */
    private static void choose(String function) throws Exception {
        BROWSER.driver().get("about:blank");
        BROWSER.driver().get(JENKINS.getURL() + "pipeline-syntax/");
        BROWSER.await("the form of the first step", () -> field("artifacts").isDisplayed());
        BROWSER.script(
                "const list = document.querySelector('select.dropdownList');"
                        + "list.selectedIndex = [...list.options].findIndex((option) => option.text.startsWith(arguments[0] + ': '));"
                        + "list.dispatchEvent(new Event('change', { bubbles: true }))",
                function);
        BROWSER.await("the form", () -> field("onFailure").isDisplayed() && !field("artifacts").isDisplayed());
        BROWSER.script("let form = document.querySelector(\"[name='_.onFailure']\");"
                + "while (!form.querySelector(\"[name='_.quiet']\")) form = form.parentElement; form.id = 'step-form'");
        long folded = BROWSER.number("document.querySelectorAll(\"" + FORM + " [name='_.retries']\").length");
        assertEquals("in the page, but not yet seen", 1, folded);
        assertTrue("folded away", !BROWSER.find("[name='_.retries']").isDisplayed());
        BROWSER.await("the rest of the form", () -> { // a button does nothing before Jenkins' scripts have seen it
            BROWSER.script("[...document.querySelectorAll('" + FORM + " .advancedButton')].filter((button) =>"
                    + " button.offsetParent !== null && button.closest('.jenkins-form-item').querySelector('.advancedBody')"
                    + ".offsetParent === null).forEach((button) => button.click())");
            return BROWSER.find("[name='_.retries']").isDisplayed();
        });
        BROWSER.awaitChecks();
        BROWSER.console();
    }

    private static WebElement field(String name) {
        return BROWSER.find("[name='_." + name + "']");
    }

    private static void type(String field, String text) {
        field(field).sendKeys(Keys.chord(Keys.CONTROL, "a"), text, Keys.TAB);
    }

    private static void set(String field, String text) {
        BROWSER.script("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))", field(field), text);
    }

    private static void tick(String field) {
        BROWSER.script("arguments[0].click()", field(field));
    }

    private static String error(String field) {
        return (String) BROWSER.script(
                "return arguments[0].closest('.jenkins-form-item').querySelector('.validation-error-area').textContent",
                field(field));
    }

    private static String snippet() {
        BROWSER.find("#generatePipelineScript").click();
        BROWSER.await("the snippet", () -> !BROWSER.find("#prototypeText").getDomProperty("value").isEmpty());
        return BROWSER.find("#prototypeText").getDomProperty("value");
    }

    private static WorkflowRun run(String snippet) throws Exception {
        return JENKINS.run(Result.SUCCESS, "def answer\nnode {\nanswer = " + snippet + "\n}\n"
                + "for (each in answer) { echo \"$each.name is $each.value\" }");
    }

    private static void assertAccessible(String picture) throws Exception {
        BROWSER.picture(picture);
        assertEquals(List.of(), BROWSER.accessibilityViolations(FORM, JENKINS_OWN));
    }

    /** Each field has its help, and the help is there. */
    private static void assertHelped() {
        Object missing = BROWSER.script("const seen = (element) => element.offsetParent !== null;"
                + "const items = [...document.querySelectorAll('" + FORM + " .jenkins-form-item')].filter(seen)"
                + ".filter((item) => !item.querySelector('.jenkins-form-item') && item.querySelector(\"[name^='_.']\"));"
                + "return items.length < 9 ? [items.length + ' fields']"
                + " : items.filter((item) => !item.querySelector('a.jenkins-help-button')).map((item) => item.textContent)");
        assertEquals(List.of(), missing);
    }

    @Test
    public void parallelFetch() throws Exception {
        CredentialsProvider.lookupStores(JENKINS.jenkins)
                .iterator()
                .next()
                .addCredentials(
                        Domain.global(),
                        new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "of mine", Secret.fromString("t0ken-of-mine")));
        choose("parallelFetch");
        assertHelped();
        type("urls", "http://a b/\nftp://example.org/");
        BROWSER.await("a reason for each line", () -> error("urls").contains("line 2: ") && error("urls").contains("ftp"));
        type("urls", server.url("/one") + "\n" + server.url("/two"));
        BROWSER.await("its end", () -> !error("urls").contains("line"));
        type("headers", "X-Test");
        BROWSER.await("what is missing", () -> error("headers").contains("line 1: not a header; write Name: value"));
        type("headers", "X-Test: it's: me\nX-Other: 1\nX-Other: 2");
        BROWSER.await("its end", () -> !error("headers").contains("line"));
        type("method", "POST");
        type("query", "q");
        BROWSER.await("what is missing", () -> error("query").contains("line 1: not a field; write name=value"));
        type("query", "q=a b\nq=c");
        type("accept", "text/plain");
        type("body", "a body\nof two lines");
        type("validBody", "(of");
        BROWSER.await("the reason", () -> error("validBody").contains("is not a regular expression: Unclosed group"));
        type("validBody", "of (one|two)");
        tick("cookies");
        type("validStatus", "600");
        BROWSER.await("the reason", () -> error("validStatus").contains("is not a list of HTTP statuses"));
        type("validStatus", "201");
        type("concurrency", "10001");
        BROWSER.await("the range", () -> error("concurrency").contains("Enter a whole number from 1 to 10000"));
        type("concurrency", "2");
        type("toDir", "../out");
        BROWSER.await("the reason", () -> error("toDir").contains("leads out of the workspace"));
        type("toDir", "answers");
        type("rate", "50.5");
        set("onExisting", "skip");
        tick("ignoreTls");
        BROWSER.await("the rule", () -> error("ignoreTls").contains("The administrator does not allow it"));
        tick("ignoreTls");
        tick("followRedirects");
        BROWSER.await("the credentials", () -> field("credentialsId").findElements(By.cssSelector("[value='token']")).size() == 1);
        set("credentialsId", "token");
        type("name", "my 'own' pages");
        BROWSER.script("arguments[0].scrollIntoView({ block: 'center' })", field("credentialsId"));
        assertAccessible("snippet-parallelFetch");
        String snippet = snippet();
        assertEquals(
                "parallelFetch accept: 'text/plain', body: '''a body\nof two lines''', concurrency: 2, cookies: true, credentialsId: 'token',"
                        + " followRedirects: false, headers: ['X-Test': 'it\\'s: me', 'X-Other': ['1', '2']], method: 'POST',"
                        + " name: 'my \\'own\\' pages', onExisting: 'skip', query: [q: ['a b', 'c']], rate: 50.5, toDir: 'answers',"
                        + " urls: ['" + server.url("/one") + "', '" + server.url("/two") + "'], validBody: 'of (one|two)', validStatus: '201'",
                snippet);
        WorkflowRun build = run(snippet + "\nanswer.each { echo readFile('answers/' + it.path.tokenize('/').last()) }");
        JENKINS.assertLogContains("my 'own' pages: 2 branches", build);
        JENKINS.assertLogContains("POST it's: me a body\nof two lines", build);
    }

    @Test
    public void cpuPool() throws Exception {
        choose("cpuPool");
        assertHelped();
        type("inputs", "one\ntwo words");
        BROWSER.await("what is missing", () -> error("tasks").contains("'inputs' is given without 'command'"));
        type("command", "echo \"for {");
        BROWSER.await("the open quote", () -> error("command").contains("the quote \" has no end"));
        type("command", "echo \"for {}\"");
        BROWSER.await("their end", () -> error("command").isBlank() && error("tasks").isBlank());
        type("timeout", "some");
        BROWSER.await("the reason", () -> error("timeout").contains("Enter a number of seconds, or a percentage"));
        type("timeout", "300%");
        type("nice", "20");
        BROWSER.await("the range", () -> error("nice").contains("Enter a whole number from 0 to 19"));
        type("nice", "1");
        type("workers", "2");
        set("onFailure", "fail");
        assertAccessible("snippet-cpuPool");
        String snippet = snippet();
        assertEquals(
                "cpuPool command: 'echo \"for {}\"', inputs: ['one', 'two words'], nice: 1, onFailure: 'fail', timeout: '300%',"
                        + " workers: 2",
                snippet);
        JENKINS.assertLogContains("two words is for two words", run(snippet));
    }

    @Test
    public void ioPool() throws Exception {
        choose("ioPool");
        assertHelped();
        type("inputs", "3\n4");
        type("groovy", "def n = input as int\nn * n");
        type("threads", "2");
        type("retries", "1");
        type("failFast", "10%");
        assertAccessible("snippet-ioPool");
        String snippet = snippet();
        assertEquals(
                "ioPool failFast: '10%', groovy: '''def n = input as int\nn * n''', inputs: ['3', '4'], retries: 1, threads: 2",
                snippet);
        BROWSER.script("[...document.querySelectorAll('" + FORM + " .advancedButton')]"
                + ".filter((button) => button.offsetParent !== null).forEach((button) => button.click());"
                + "document.querySelector('select.dropdownList').scrollIntoView({ block: 'center' }); window.scrollBy(0, 500)");
        BROWSER.picture("snippet");
        JENKINS.assertLogContains("4 is 16", run(snippet));
    }

    @Test
    public void gather() throws Exception {
        choose("gather");
        assertHelped();
        type("branches", "api\nit's web");
        type("concurrency", "x");
        BROWSER.await("the reason", () -> error("concurrency").contains("Enter a whole number of 0 or more"));
        type("concurrency", "1");
        type("name", "build");
        assertAccessible("snippet-gather");
        String snippet = snippet();
        assertEquals(
                "gather branches: [\n    api: {\n        // steps\n    },\n    'it\\'s web': {\n        // steps\n    }\n],"
                        + " concurrency: 1, name: 'build'",
                snippet);
        WorkflowRun build = run(snippet);
        JENKINS.assertLogContains("build: 2 branches", build);
        JENKINS.assertLogContains("it's web is null", build);
    }
}
