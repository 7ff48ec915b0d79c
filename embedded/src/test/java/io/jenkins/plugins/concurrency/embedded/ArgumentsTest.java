package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Arguments reach steps as they do in Pipeline, and what cannot reach them is refused in one line. */
public class ArgumentsTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    @Rule
    public final Builds builds = new Builds();

    private void assertProbe(String expected, String arguments) {
        assertEquals(List.of(expected), builds.run("echo probe(" + arguments + ")").said());
    }

    private void assertRefused(String expected, String call) {
        Builds.Build build = builds.run(call);
        assertEquals(Result.FAILURE, build.end());
        assertEquals(List.of("ERROR: " + expected), build.said());
    }

    @Test
    public void oneUnnamedArgument() {
        assertProbe("text=x(String)", "'x'");
        assertProbe("text=x2(String)", "\"x${1 + 1}\"");
    }

    @Test
    public void namedArguments() {
        assertProbe("count=3(Integer) flag=true(Boolean) text=x(String)", "text: 'x', count: 3, flag: true");
        assertProbe("field=4(Integer) text=null", "field: 4");
    }

    @Test
    public void aMapForNamedArguments() {
        assertProbe("count=1(Integer) text=x(String)", "[text: 'x', count: 1]");
    }

    @Test
    public void numbersAreConverted() {
        assertProbe("count=3(Integer) millis=3(Long) ratio=3.0(Double) text=null", "count: 3L, millis: 3, ratio: 3");
        assertProbe("count=3(Integer) ratio=0.5(Double) text=null", "count: 3.0, ratio: 0.5");
        assertProbe("count=3(Integer) flag=true(Boolean) millis=4(Long) text=null", "count: '3', millis: \"${4}\", flag: 'true'");
        assertProbe("limit=5(Integer) text=null", "limit: 5");
        assertProbe("limit=null text=null", "limit: null");
    }

    @Test
    public void namesOfConstants() {
        assertProbe("outcome=UNSTABLE(Result) text=null unit=SECONDS(TimeUnit)", "unit: 'SECONDS', outcome: 'UNSTABLE'");
    }

    @Test
    public void gstringsBecomeStringsHoweverDeep() {
        assertProbe("names=[a1(String),b(String)] text=null", "names: [\"a${1}\", 'b']");
        assertProbe(
                "anything=[a1(String),[k1(String):v1(String)],2(Integer)] text=null",
                "anything: [\"a${1}\", [(\"k${1}\".toString()): \"v${1}\"], 2]");
        assertProbe("map=[k(String):[v1(String)]] text=null", "map: [k: [\"v${1}\"]]");
    }

    @Test
    public void anythingStaysWhatItIs() {
        assertProbe("anything=1.5(BigDecimal) text=null", "anything: 1.5");
        assertProbe("anything=x1(String) text=null", "anything: \"x${1}\"");
    }

    @Test
    public void unknownParametersAreNamedWithTheValidOnes() {
        assertRefused(
                "probe: unknown parameter 'cuont'; valid are: text, anything, count, field, flag, limit, map, millis,"
                        + " names, outcome, ratio, refused, unit",
                "probe text: 'x', cuont: 1");
        assertRefused("deleteDir: unknown parameter 'x'; it takes none", "node { deleteDir x: 1 }");
    }

    @Test
    public void wrongTypesAreNamed() {
        assertRefused("probe: parameter 'count' expects Integer but got 'many' (String)", "probe count: 'many'");
        assertRefused("probe: parameter 'count' expects Integer but got 1.5 (BigDecimal)", "probe count: 1.5");
        assertRefused("probe: parameter 'names' expects a list but got 'a' (String)", "probe names: 'a'");
        assertRefused("probe: parameter 'names' expects String but got 1 (Integer)", "probe names: [1]");
        assertRefused("probe: parameter 'map' expects a map but got [1] (ArrayList)", "probe map: [1]");
        assertRefused("probe: parameter 'flag' expects Boolean but got 'yes' (String)", "probe flag: 'yes'");
        assertRefused("echo: parameter 'message' expects String but got 5 (Integer)", "echo 5");
        assertRefused(
                "probe: parameter 'unit' expects one of [NANOSECONDS, MICROSECONDS, MILLISECONDS, SECONDS, MINUTES,"
                        + " HOURS, DAYS] but got 'weeks' (String)",
                "probe unit: 'weeks'");
    }

    @Test
    public void severalUnnamedArgumentsAreRefused() {
        assertRefused("probe: expected named arguments but got ['a', 'b']", "probe 'a', 'b'");
        assertRefused("writeFile: expected named arguments but got 'a'", "node { writeFile 'a' }");
    }

    @Test
    public void aSetterThatRefusesIsReportedAsInJenkins() {
        Builds.Build build = builds.run("probe refused: 'x'");
        assertEquals(Result.FAILURE, build.end());
        assertTrue(build.all(), build.all().contains("java.lang.IllegalArgumentException: Could not instantiate {refused=x} for "
                + ProbeStep.class.getName() + ": java.lang.IllegalArgumentException: never good enough"));
    }

    @Test
    public void blockStepsNeedABody() {
        assertRefused("stage: must be called with a body in braces", "stage 'x'");
    }

    @Test
    public void unknownStepsNeedARealJenkins() {
        Builds.Build build = builds.run("checkout scm: 'x'");
        assertEquals(Result.FAILURE, build.end());
        String line = build.said().get(0);
        assertTrue(line, line.startsWith("ERROR: No such step 'checkout' in the embedded runtime; it needs a real Jenkins."
                + " Steps here: catchError, "));
        assertEquals(1, build.said().size());
    }

    @Test
    public void missingContextIsExplained() {
        Builds.Build build = builds.run("probeInNode()");
        assertEquals(Result.FAILURE, build.end());
        assertEquals(
                List.of(
                        "org.jenkinsci.plugins.workflow.steps.MissingContextVariableException:"
                                + " Required context class hudson.FilePath is missing",
                        "Perhaps you forgot to surround the probeInNode step with a step that provides this, such as: node"),
                build.said().subList(0, 2));
    }
}
