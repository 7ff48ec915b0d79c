package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Steps with a label: the embedded runtime has one node, which works as one of many would. */
public class NodesTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(180);

    @Rule
    public final Builds builds = new Builds();

    @Test
    public void theOnlyNodeDoesAllAndTheLogSaysSo() throws Exception {
        Builds.Build build = builds.run("env.GREETING = 'hello'\n"
                + "def r = cpuPool(label: 'linux', nodes: 8, workers: 2, inputs: 1..50, command: 'echo $GREETING {}')\n"
                + "echo \"${r.succeeded} on ${r.collect { it.node }.toSet()}: ${r.values().take(2)}\"");
        build.assertEnded(0, "SUCCESS").assertSaid("50 on [built-in]: [hello 1, hello 2]");
        build.line("cpuPool: 1 node has the label 'linux'; 8 may work for this step");
        build.line("cpuPool: on the built-in node, 2 at once");
    }

    @Test
    public void filesComeBackIntoTheDirectoryOfTheStep() throws Exception {
        builds.run("node { dir('here') {\n"
                        + "cpuPool(label: 'any', inputs: ['a', 'b', 'c'], collect: 'out/*.txt',"
                        + " command: 'mkdir -p out/no; echo {} > out/{}.txt; echo {} > out/no/{}.txt')\n"
                        + "echo readFile('out/a.txt').trim() + readFile('out/c.txt').trim()\n"
                        + "echo \"${fileExists('out/no/a.txt')}\"\n} }")
                .assertEnded(0, "SUCCESS")
                .assertSaid("ac", "[Pipeline] fileExists", "[Pipeline] echo", "false");
        assertEquals("b\n", Files.readString(builds.workspace().resolve("here/out/b.txt")));
    }

    @Test
    public void ioPoolAndFunctionsWorkThereToo() throws Exception {
        builds.run("def r = ioPool(label: 'any', inputs: 1..20, groovy: 'input * 2')\necho \"${r.values().sum()}\"")
                .assertEnded(0, "SUCCESS")
                .assertSaid("420");
    }

    @Test
    public void anAttemptThatFailsIsRepeatedAndAFailureStays() throws Exception {
        builds.run("def r = cpuPool(label: 'any', workers: 1, retries: 1, retryDelay: 0, onFailure: 'ignore',"
                        + " inputs: ['good', 'bad'], command: 'test -e {}.x || { touch {}.x; exit 1; }; test {} = good')\n"
                        + "echo \"${r.collect { it.ok }} ${r.collect { it.attempts }}\"")
                .assertEnded(0, "SUCCESS")
                .assertSaid("[true, false] [2, 2]");
    }

    @Test
    public void anUnknownStashIsOneLine() throws Exception {
        Builds.Build build = builds.run("cpuPool(label: 'any', stash: 'none', tasks: ['true'])");
        build.assertEnded(1, "FAILURE");
        build.line("ERROR: cpuPool: No such saved stash .none.");
        List<String> traces = build.lines().stream().filter(line -> line.startsWith("\tat ")).toList();
        assertTrue(traces.toString(), traces.isEmpty());
    }
}
