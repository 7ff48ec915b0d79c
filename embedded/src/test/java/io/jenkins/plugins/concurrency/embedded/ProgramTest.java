package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeFalse;

import io.jenkins.plugins.concurrency.embedded.process.ProcessTrees;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.Signals;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** The runtime as a process of its own: its exit status and its signals. */
public class ProgramTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Process> started = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    @After
    public void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(String script, String... arguments) throws IOException {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("test.Jenkinsfile"), script);
        List<String> all = new ArrayList<>(List.of(file.toString()));
        all.addAll(List.of(arguments));
        return startMain(all.toArray(String[]::new));
    }

    private Process startMain(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                TestJvm.PROGRAM,
                "-D" + Main.HOME + "=" + new File(folder.getRoot(), "home"),
                "-cp", TestJvm.CLASS_PATH,
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** The process that was kept, if one was. */
    private Optional<ProcessHandle> kept() throws IOException {
        Path cache = folder.getRoot().toPath().resolve("home/caches/concurrency-steps");
        try (Stream<Path> files = Files.list(cache)) {
            Optional<Path> file = files.filter(each -> each.getFileName().toString().startsWith("supervisor-"))
                    .findFirst();
            return file.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(Files.readAllLines(file.get()).get(2)));
        }
    }

    private void step(String... arguments) throws Exception {
        Process process = start("node { withEnv(['MINE=tOpS3cret']) { cpuPool tasks: ['true'] } }", arguments);
        String output = String.join("\n", rest(process.inputReader()));
        assertEquals(output, 0, process.waitFor());
    }

    @Test
    public void whatDoesTheWorkOfStepsIsKeptForTheNextBuild() throws Exception {
        step("--keep", "5");
        ProcessHandle kept = kept().orElseThrow();
        assertTrue(kept.isAlive());
        step("--keep=5");
        assertEquals(kept, kept().orElseThrow());
        Path environment = Path.of("/proc", Long.toString(kept.pid()), "environ");
        if (Files.exists(environment)) {
            String variables = Files.readString(environment);
            assertFalse(variables, variables.contains("tOpS3cret") || variables.contains("COOKIE"));
        }
        Process stop = startMain("--stop");
        assertEquals(List.of("Process " + kept.pid() + " has ended."), rest(stop.inputReader()));
        assertEquals(0, stop.waitFor());
        kept.onExit().join();
    }

    @Test
    public void buildsOfOneHomeLeaveEachOthersRunsAloneUntilTheyAreKilled() throws Exception {
        Path begun = folder.getRoot().toPath().resolve("begun");
        Path go = folder.getRoot().toPath().resolve("go");
        String waits = "node { cpuPool tasks: [a: 'echo $$ >> " + begun + "; until test -e " + go
                + "; do sleep 0.05; done; echo the end'] }";
        Process first = start(waits, "--keep", "5");
        Await.lines(begun, 1);
        step("--keep", "5");
        Process second = start(waits, "--keep", "5");
        Await.lines(begun, 2);
        second.destroyForcibly().waitFor();
        List<String> pids = Files.readAllLines(begun);
        while (ProcessHandle.of(Long.parseLong(pids.get(1))).isPresent()) {
            step("--keep", "5"); // ends what nobody waits for any more, where that can be told already
        }
        assertTrue(ProcessHandle.of(Long.parseLong(pids.get(0))).isPresent());
        Files.createFile(go);
        String output = String.join("\n", rest(first.inputReader()));
        assertEquals(output, 0, first.waitFor());
        assertTrue(output, output.contains("1 succeeded"));
        assertEquals("nothing was begun again", 2, Files.readAllLines(begun).size());
        assertEquals(0, startMain("--stop").waitFor());
    }

    @Test
    public void nothingIsKeptWhereItIsNotWanted() throws Exception {
        step("--keep", "5");
        ProcessHandle kept = kept().orElseThrow();
        step("--keep", "0");
        kept.onExit().join();
        assertTrue(kept().isEmpty());
        environment.put("CI", "true");
        step();
        assertTrue(kept().isEmpty());
        Process process = start("echo 'x'", "--keep", "soon");
        assertEquals(
                List.of("embedded/run: --keep takes minutes, 0 to 1440, not soon; see embedded/run --help"),
                rest(process.inputReader()));
        assertEquals(64, process.waitFor());
    }

    @Test
    public void filesThatNameNoProcessDoNotFailABuild() throws Exception {
        Path cache = Files.createDirectories(folder.getRoot().toPath().resolve("home/caches/concurrency-steps"));
        Files.writeString(cache.resolve("supervisor-rubbish"), "rubbish");
        Files.createSymbolicLink(cache.resolve("supervisor-ended"), cache.resolve("supervisor-that-was-here"));
        Process process = start("echo 'x'", "--keep", "0");
        List<String> lines = rest(process.inputReader());
        assertEquals(String.join("\n", lines), "Finished: SUCCESS", lines.get(lines.size() - 1));
        assertEquals(0, process.waitFor());
    }

    private static List<String> rest(BufferedReader output) {
        return output.lines().collect(Collectors.toList());
    }

    private void assertEnds(int status, String lastLine, String script) throws Exception {
        Process process = start(script);
        List<String> lines = rest(process.inputReader());
        assertEquals(String.join("\n", lines), lastLine, lines.get(lines.size() - 1));
        assertEquals(status, process.waitFor());
    }

    @Test
    public void theExitStatusTellsTheResult() throws Exception {
        assertEnds(0, "Finished: SUCCESS", "echo 'x'");
        assertEnds(1, "Finished: FAILURE", "error 'x'");
        assertEnds(2, "Finished: UNSTABLE", "unstable 'x'");
        assertEnds(3, "Finished: ABORTED", "currentBuild.result = 'ABORTED'");
    }

    @Test
    public void wrongArgumentsAreRefusedInOneLine() throws Exception {
        Process process = start("echo 'x'", "--wrong");
        assertEquals(List.of("embedded/run: unknown option --wrong; see embedded/run --help"), rest(process.inputReader()));
        assertEquals(64, process.waitFor());
        process = start("echo 'x'", "novalue");
        assertEquals(
                List.of("embedded/run: not a parameter (name=value): novalue; see embedded/run --help"),
                rest(process.inputReader()));
        assertEquals(64, process.waitFor());
    }

    @Test
    public void theWorkspaceCanBeChosen() throws Exception {
        File workspace = new File(folder.getRoot(), "a b");
        Process process = start("node { echo pwd() }", "--workspace", workspace.getPath());
        assertTrue(rest(process.inputReader()).contains(workspace.getPath()));
    }

    /** As a service manager stops it, while a shell and what it started run. */
    @Test
    public void aSignalAbortsTheBuildAndLeavesNoProcess() throws Exception {
        Process process = start("""
                node {
                    try {
                        sh '#!/bin/sh\\nsleep 1000 & echo "children $$ $!"; setsid sleep 1001 & echo "children $!"; echo ready; wait'
                    } finally {
                        echo 'cleaned up'
                    }
                }""");
        BufferedReader output = process.inputReader();
        List<Long> children = new ArrayList<>();
        for (String line = output.readLine(); !"ready".equals(line); line = output.readLine()) {
            if (line.startsWith("children ")) {
                for (String pid : line.substring("children ".length()).split(" ")) {
                    children.add(Long.valueOf(pid));
                }
            }
        }
        assertEquals(3, children.size());
        Signals.send("TERM", process.pid());
        List<String> lines = rest(output);
        assertEquals(
                List.of("Aborted by " + System.getProperty("user.name"), "Sending interrupt signal to process", "cleaned up",
                        "Finished: ABORTED"),
                lines.stream().filter(line -> !line.startsWith("[Pipeline]")).toList());
        assertEquals(3, process.waitFor());
        for (long child : children) {
            assertFalse(ProcessHandle.of(child).map(ProcessTrees::isRunning).orElse(false));
        }
    }

    /** The first is Ctrl-C. */
    @Test
    public void aSecondSignalEndsItTheHardWay() throws Exception {
        assumeFalse("SIGINT is ignored here, as in the background of a script", ignoresCtrlC());
        Process process = start("""
                node {
                    try { sleep 1000 }
                    finally { sh '#!/bin/sh\\ntrap "" TERM INT; sleep 1000 & echo "child $!"; wait' }
                }""");
        BufferedReader output = process.inputReader();
        await(output, "Sleeping for ");
        Signals.send("INT", process.pid());
        long child = Long.parseLong(await(output, "child ").substring("child ".length()));
        ProcessHandle handle = ProcessHandle.of(child).orElseThrow();
        Signals.send("TERM", process.pid());
        assertEquals(3, process.waitFor());
        handle.onExit().get();
    }

    private static String await(BufferedReader output, String start) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("No line starts with " + start);
    }

    private static boolean ignoresCtrlC() throws Exception {
        return new ProcessBuilder("/bin/sh", "-c", "kill -INT $$").start().waitFor() == 0;
    }
}
