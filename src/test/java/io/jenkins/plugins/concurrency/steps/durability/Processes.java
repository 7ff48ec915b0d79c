package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Living processes of this machine. What has ended and is only still listed has no command line and does not count. */
final class Processes {

    private Processes() {}

    /** The commands of a run and all that they have started. */
    static List<ProcessHandle> ofRun(String runId) {
        return PoolEnvironment.runCookie(runId).processes();
    }

    /** Waits for the run's supervisor to be there. */
    static ProcessHandle awaitSupervisor(String runId) throws Exception {
        Await.until("a supervisor of " + runId, () -> supervisors(runId).size() == 1);
        return supervisors(runId).get(0);
    }

    /** The supervisors that have a run; there should never be two. They may have others as well. */
    static List<ProcessHandle> supervisors(String runId) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> commandLine(process).stream().anyMatch(word -> word.endsWith(".Supervisor"))
                            && hasOpen(process, "/" + runId + "/supervisor.lock"))
                    .toList();
        }
    }

    private static boolean hasOpen(ProcessHandle process, String file) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return descriptors.anyMatch(descriptor -> leadsTo(descriptor, file));
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    private static boolean leadsTo(Path descriptor, String file) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains(file);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** The agent's own process, which an agent rule of this JVM has started. */
    static ProcessHandle agent(String name) {
        List<ProcessHandle> found = ProcessHandle.current()
                .children()
                .filter(child -> {
                    List<String> words = commandLine(child);
                    int option = words.indexOf("-name");
                    return option >= 0 && words.get(option + 1).equals(name);
                })
                .toList();
        assertEquals("processes of " + name, 1, found.size());
        return found.get(0);
    }

    private static List<String> commandLine(ProcessHandle process) {
        try {
            byte[] words = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return words.length == 0 ? List.of() : List.of(new String(words, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of(); // gone meanwhile
        }
    }

    /** Sends a signal, for example {@code STOP}. */
    static void signal(String name, ProcessHandle process) throws Exception {
        Signals.send(name, process.pid());
    }
}
