package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Scripts are suspended and resumed wherever they call a step. */
public class ScriptTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    @Rule
    public final Builds builds = new Builds();

    @Test
    public void closuresOfGroovysMethodsCanCallSteps() {
        Builds.Build build = builds.run("""
                node {
                    def printed = { text -> sh(returnStdout: true, script: "#!/bin/sh\\nprintf %s '$text'") }
                    [1, 2].each { echo printed("each $it") }
                    [a: 1].each { key, value -> echo printed("$key=$value") }
                    echo "${['x', 'y'].collect { printed(it) }}"
                    echo "${(1..4).findAll { (printed(it) as int) > 2 }}"
                    echo "${['p', 'q'].collectEntries { [(it): printed(it + it)] }}"
                    echo "${[3, 4].inject(0) { sum, n -> sum + (printed(n) as int) }}"
                    echo "${[5, 6].any { printed(it) == '6' }} ${[5, 6].every { printed(it) == '6' }}"
                    2.times { echo printed("times $it") }
                    ['a', 'b'].eachWithIndex { value, i -> echo printed("$i$value") }
                    for (int i = 0; i < 2; i++) { echo printed("for $i") }
                    for (word in ['in']) { echo printed(word) }
                    int n = 0
                    while (n < 1) { n++; echo printed("while $n") }
                    ['with'].each { it.with { echo printed(it) } }
                }""");
        assertEquals(
                List.of("each 1", "each 2", "a=1", "[x, y]", "[3, 4]", "[p:pp, q:qq]", "7", "true false",
                        "times 0", "times 1", "0a", "1b", "for 0", "for 1", "in", "while 1", "with"),
                build.said());
    }

    @Test
    public void sortWithoutStepsWorks() {
        assertEquals(
                List.of("[1, 2, 3] [c, b, a] [bb, a]"),
                builds.run("echo \"${[3, 1, 2].sort()} ${sorted()} ${['a', 'bb'].reverse()}\"\n"
                        + "@NonCPS def sorted() { ['a', 'c', 'b'].sort { x, y -> y <=> x } }").said());
    }

    @Test
    public void methodsOfTheScriptCallSteps() {
        Builds.Build build = builds.run("""
                def twice(Closure body) { body() + body() }
                def shout(String text, int times = 1) { sleep 0; (text.toUpperCase() + '!') * times }
                echo shout('hey')
                echo shout('ho', 2)
                echo twice { sleep 0; 'x' }
                """);
        assertEquals(
                List.of("Sleeping for 0 ms", "HEY!", "Sleeping for 0 ms", "HO!HO!", "Sleeping for 0 ms",
                        "Sleeping for 0 ms", "xx"),
                build.said());
    }

    @Test
    public void classesOfTheScriptWork() {
        Builds.Build build = builds.run("""
                class Counter implements Serializable {
                    int n
                    def script
                    def add(int k) { script.echo("adding $k"); n += k; this }
                }
                def counter = new Counter(script: this)
                echo "${counter.add(2).add(3).n}"
                """);
        assertEquals(List.of("adding 2", "adding 3", "5"), build.said());
    }

    @Test
    public void nonCpsMethodsRunAsTheyAre() {
        Builds.Build build = builds.run("""
                @NonCPS
                def parse(String text) { (text =~ /\\d+/).collect { it as int }.sum() }
                sleep 0
                echo "${parse('a1b22')}"
                """);
        assertEquals(List.of("Sleeping for 0 ms", "23"), build.said());
    }

    @Test
    public void exceptionsOfStepsAreCaughtByTheirTypes() {
        Builds.Build build = builds.run("""
                node {
                    try { sh '#!/bin/sh\\nexit 3' }
                    catch (IllegalStateException e) { echo 'wrong' }
                    catch (hudson.AbortException e) { echo e.message }
                    finally { sleep 0; echo 'finally' }
                    try { echo 'sync'; error 'soon' } catch (e) { echo "${e.class.simpleName} $e.message" }
                    def value = { try { return 'from try' } finally { echo 'on the way out' } }.call()
                    echo value
                }""");
        assertEquals(
                List.of("script returned exit code 3", "Sleeping for 0 ms", "finally", "sync", "AbortException soon",
                        "on the way out", "from try"),
                build.said());
    }

    @Test
    public void printlnAndSleepAreStepsInClosuresToo() {
        Builds.Build build = builds.run("""
                println 'top'
                print 'printed'
                [1].each { println "in $it"; sleep 0; sleep(time: 0, unit: 'MILLISECONDS') }
                printf '%s-%s', ['a', 'b'] as Object[]
                """);
        assertEquals(List.of("top", "printed", "in 1", "Sleeping for 0 ms", "Sleeping for 0 ms", "a-b"), build.said());
    }

    @Test
    public void stepsCanBeCalledThroughTheirObject() {
        assertEquals(List.of("hi"), builds.run("steps.echo 'hi'").said());
    }

    @Test
    public void variablesWithoutDeclarationBelongToTheScript() {
        assertEquals(List.of("5 5"), builds.run("n = 5; def get() { n }; echo \"$n ${get()}\"").said());
    }

    @Test
    public void longLoopsDoNotGrowTheStack() {
        assertEquals(
                List.of("20000"),
                builds.run("int n = 0\nfor (int i = 0; i < 20000; i++) { n = one(n) }\necho \"$n\"\ndef one(n) { n + 1 }").said());
    }

    @Test
    public void aDefectOfTheScriptEndsInAStackTraceThatNamesTheLine() {
        Builds.Build build = builds.run("echo 'a'\nnode {\n  echo undefinedThing\n}");
        assertEquals(Result.FAILURE, build.end());
        List<String> said = build.said();
        assertEquals(
                "groovy.lang.MissingPropertyException: No such property: undefinedThing for class: WorkflowScript",
                said.get(1));
        assertTrue(build.all(), said.stream().anyMatch(line -> line.contains("WorkflowScript.run(WorkflowScript:3)")));
        assertTrue(build.all(), said.stream().noneMatch(line -> line.contains("CpsThreadGroup")));
    }

    @Test
    public void whatIsNoGroovyIsRefused() {
        Builds.Build build = builds.run("echo 'a'\nnode {");
        assertEquals(Result.FAILURE, build.end());
        assertTrue(build.all(), build.all().contains("WorkflowScript: 2"));
        assertTrue(build.all(), !build.all().contains("\tat "));
    }
}
