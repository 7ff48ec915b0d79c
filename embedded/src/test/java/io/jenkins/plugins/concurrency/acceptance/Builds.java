package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.embedded.Main;
import io.jenkins.plugins.concurrency.fixture.JvmWarnings;
import io.jenkins.plugins.concurrency.fixture.Signals;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/**
 * Runs Jenkinsfiles as users do: each as a process of its own, in a home directory that belongs to the test. When a
 * build has ended nothing that it started may be left, however it is related to the build's process. No log has a
 * warning of a JVM.
 */
final class Builds extends ExternalResource {

    /** An environment variable that whatever a build starts inherits. */
    private static final String COOKIE = "ACCEPTANCE_TEST";

    /** How long the supervisor may take to end after it has told that all is done. */
    private static final long LEAVE_SECONDS = 30;

    private final TemporaryFolder folder = new TemporaryFolder();
    private final String cookie = UUID.randomUUID().toString();
    private final List<String> settings = new ArrayList<>();

    @Override
    protected void before() throws IOException {
        folder.create();
    }

    @Override
    protected void after() {
        living().forEach(ProcessHandle::destroyForcibly);
        folder.delete();
    }

    /** Sets what an administrator would, for the builds that are started from now on. */
    void configure(String setting, String value) {
        settings.add("-D" + ConcurrencyConfiguration.class.getName() + "." + setting + "=" + value);
    }

    /** Where {@code node} works. */
    Path workspace() {
        return folder.getRoot().toPath().resolve("workspace");
    }

    /** Runs a script to its end. */
    Build run(String script) throws IOException, InterruptedException {
        return start(script).end();
    }

    /** Runs a Jenkinsfile to its end. */
    Build run(Path jenkinsfile, String... parameters) throws IOException, InterruptedException {
        return start(jenkinsfile, parameters).end();
    }

    Build start(String script) throws IOException {
        return start(Files.writeString(folder.getRoot().toPath().resolve("test.Jenkinsfile"), script));
    }

    Build start(Path jenkinsfile, String... parameters) throws IOException {
        Path java = Path.of(System.getProperty("java.home"));
        List<String> command = new ArrayList<>(List.of(TestJvm.PROGRAM));
        command.addAll(settings);
        command.addAll(List.of(
                "-Dsun.misc.unsafe.memory.access=allow",
                "-Dembedded.home=" + folder.getRoot().toPath().resolve("home"),
                "-Dembedded.webapps=" + System.getProperty("embedded.webapps"),
                "-cp", TestJvm.CLASS_PATH,
                Main.class.getName(),
                "--workspace", workspace().toString(),
                jenkinsfile.toString()));
        command.addAll(List.of(parameters));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(COOKIE, cookie);
        builder.environment().put("JAVA_HOME", java.toString());
        return new Build(builder.start());
    }

    private List<ProcessHandle> living() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> carriesCookie(process.pid())).toList();
        }
    }

    private boolean carriesCookie(long pid) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(COOKIE + '=' + cookie + '\0');
        } catch (IOException e) {
            return false; // gone meanwhile, somebody else's, or no Linux
        }
    }

    /** One build. */
    final class Build {
        private final Process process;
        private final BufferedReader output;
        private final List<String> lines = new ArrayList<>();

        private Build(Process process) {
            this.process = process;
            this.output = process.inputReader(StandardCharsets.UTF_8);
        }

        /** Waits for a line of the log. */
        void await(String wanted) throws IOException {
            for (String line; (line = output.readLine()) != null; ) {
                lines.add(line);
                if (line.equals(wanted)) {
                    return;
                }
            }
            throw new AssertionError("no line '" + wanted + "' in:\n" + log());
        }

        /** As Ctrl-C does, which what is started in the background of a script may ignore. */
        void interrupt() throws IOException, InterruptedException {
            Signals.send("TERM", process.pid());
        }

        /** Waits for the end, and for everything that the build started to end. */
        Build end() throws IOException, InterruptedException {
            for (String line; (line = output.readLine()) != null; ) {
                lines.add(line);
            }
            process.waitFor();
            JvmWarnings.assertNone(lines);
            for (ProcessHandle left : living()) {
                String command = left.info().commandLine().orElse("process " + left.pid());
                try {
                    left.onExit().get(LEAVE_SECONDS, TimeUnit.SECONDS);
                } catch (TimeoutException | ExecutionException e) {
                    throw new AssertionError("left by the build: " + command + "\n" + log(), e);
                }
            }
            return this;
        }

        /** The exit status with the log's last line: 0 SUCCESS, 1 FAILURE, 2 UNSTABLE, 3 ABORTED. */
        Build assertEnded(int status, String result) {
            List<String> log = lines.stream().filter(line -> !line.startsWith("Report: ")).toList();
            assertEquals(log(), "Finished: " + result, log.get(log.size() - 1));
            assertEquals(log(), status, process.exitValue());
            return this;
        }

        /** The log must have these lines, one after the other. */
        Build assertSaid(String... expected) {
            int first = lines.indexOf(expected[0]);
            List<String> said = first < 0 ? lines : lines.subList(first, Math.min(first + expected.length, lines.size()));
            assertEquals(log(), String.join("\n", expected), String.join("\n", said));
            return this;
        }

        /** The only line that a pattern matches. */
        String line(String pattern) {
            List<String> found = lines.stream().filter(line -> line.matches(pattern)).toList();
            assertEquals(log(), 1, found.size());
            return found.get(0);
        }

        List<String> lines() {
            return List.copyOf(lines);
        }

        String log() {
            return String.join("\n", lines);
        }
    }
}
