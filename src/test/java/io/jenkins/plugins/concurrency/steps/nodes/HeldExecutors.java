package io.jenkins.plugins.concurrency.steps.nodes;

import static org.junit.Assert.assertEquals;

import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Queue;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;

/** What executors are busy with. */
final class HeldExecutors {

    private HeldExecutors() {}

    static List<String> of(Jenkins jenkins) {
        List<String> busy = new ArrayList<>();
        for (Computer computer : jenkins.getComputers()) {
            for (Executor executor : computer.getExecutors()) {
                if (executor.getCurrentExecutable() != null && executor.isActive()) {
                    busy.add(computer.getName() + ": " + executor.getCurrentExecutable());
                }
            }
        }
        return busy;
    }

    /** Waits for executors that are just being given back; a place in the queue must not be left. */
    static void assertNone(Jenkins jenkins) throws Exception {
        Looks.until("free executors", () -> of(jenkins).isEmpty());
        assertEquals(List.of(), List.of(Queue.getInstance().getItems()));
    }
}
