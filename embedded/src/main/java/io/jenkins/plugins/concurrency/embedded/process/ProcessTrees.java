package io.jenkins.plugins.concurrency.embedded.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ends processes together with those that they started: politely first, by force after a grace period. Thread safe.
 */
public final class ProcessTrees {

    /** How long a process may take to end by itself once asked to. */
    private static final long GRACE_MILLIS = Long.getLong(ProcessTrees.class.getName() + ".graceMillis", 5000);
    private static final long LOOK_MILLIS = 10;
    /** How often, at most, processes that were started meanwhile are looked for. */
    private static final int ROUNDS = 10;

    private static final Path PROC = Path.of("/proc");

    private ProcessTrees() {}

    /** Ends a process and all its descendants; returns when they are gone. */
    public static void kill(ProcessHandle root) throws InterruptedException {
        kill(Stream.concat(root.descendants(), Stream.of(root)).collect(Collectors.toSet()));
    }

    /**
     * Ends this process's descendants, and on Linux any other process too, that have all these variables in their
     * environment, with what they started meanwhile. Where environments cannot be read no process is found.
     */
    public static void killAllWith(Map<String, String> variables) throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            Set<ProcessHandle> marked = allWith(variables);
            if (marked.isEmpty()) {
                return;
            }
            kill(marked);
        }
    }

    /** Ends all that this process started, at once and by force. */
    public static void destroyDescendants() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    /** Like {@link #killAllWith}, at once and by force. */
    public static void destroyAllWith(Map<String, String> variables) {
        allWith(variables).forEach(ProcessHandle::destroyForcibly);
    }

    /** The live processes, but for this one, that have all these variables in their environment. */
    public static Set<ProcessHandle> allWith(Map<String, String> variables) {
        Set<String> wanted = variables.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .collect(Collectors.toSet());
        ProcessHandle self = ProcessHandle.current();
        return ProcessHandle.allProcesses()
                .filter(process -> !process.equals(self))
                .filter(process -> environment(process.pid()).containsAll(wanted))
                .filter(ProcessTrees::isRunning)
                .collect(Collectors.toSet());
    }

    private static Set<String> environment(long pid) {
        try {
            byte[] block = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("environ"));
            return new HashSet<>(Arrays.asList(new String(block, StandardCharsets.UTF_8).split("\0")));
        } catch (IOException | SecurityException e) {
            // Gone already, not ours, or an operating system without /proc.
            return Set.of();
        }
    }

    private static void kill(Set<ProcessHandle> processes) throws InterruptedException {
        processes.forEach(ProcessHandle::destroy);
        if (!end(processes)) {
            processes.stream()
                    .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process)))
                    .forEach(ProcessHandle::destroyForcibly);
            end(processes);
        }
    }

    /**
     * Waits for the processes to end, and tells whether they did in time. It looks again and again: systems tell a
     * process of the end of its own children only, and of these most are not.
     */
    private static boolean end(Set<ProcessHandle> processes) throws InterruptedException {
        long start = System.nanoTime();
        while (processes.stream().anyMatch(ProcessTrees::isRunning)) {
            if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS)) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** Whether it is alive, and not just waiting for its parent to take notice of its end. */
    public static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(PROC.resolve(Long.toString(process.pid())).resolve("stat"));
            return !stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            // Gone this moment, or an operating system without /proc.
            return process.isAlive();
        }
    }
}
