package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalLines;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorProcess;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One run with faults at points that a seed chooses, and the accounting afterwards. Other runs may have the same
 * supervisor.
 */
final class FaultyRun implements AutoCloseable {

    private enum Fault {
        KILL_SUPERVISOR,
        TERMINATE_SUPERVISOR,
        KILL_PROCESS,
        RESTART_FOLLOWER,
        CANCEL
    }

    /** The more often, the likelier. */
    private static final List<Fault> MIX = List.of(
            Fault.KILL_SUPERVISOR,
            Fault.KILL_SUPERVISOR,
            Fault.KILL_SUPERVISOR,
            Fault.KILL_SUPERVISOR,
            Fault.TERMINATE_SUPERVISOR,
            Fault.TERMINATE_SUPERVISOR,
            Fault.KILL_PROCESS,
            Fault.KILL_PROCESS,
            Fault.RESTART_FOLLOWER,
            Fault.RESTART_FOLLOWER,
            Fault.RESTART_FOLLOWER,
            Fault.CANCEL);

    private static final int MAX_FAULTS = 5;
    private static final long MAX_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    private final Random random;
    private final String runId;
    private final RunFiles files;
    private final Path workspace;
    private final Path copy;
    private final FaultyWork work;
    private final FollowingSide follower;
    private final List<String> story = new ArrayList<>();

    /** Of all runs that may have the same supervisor. */
    private final AtomicInteger supervisorFaults;

    private int processFaults;
    private boolean cancelled;

    FaultyRun(long seed, Path directory, Path home, AtomicInteger supervisorFaults) throws IOException {
        this.supervisorFaults = supervisorFaults;
        this.random = new Random(seed);
        this.runId = "fault-" + seed + "-" + ProcessHandle.current().pid();
        this.files = new RunFiles(Files.createDirectories(directory.resolve("run")));
        this.workspace = Files.createDirectories(directory.resolve("workspace"));
        this.copy = Files.createDirectories(directory.resolve("build")).resolve(RunFiles.JOURNAL);
        this.work = new FaultyWork(runId, workspace, random);
        this.follower = new FollowingSide(files, copy, home, work.count, new Random(random.nextLong()));
    }

    /** What was done to the run, for the message of a failure. */
    String story() {
        return work + ": " + String.join(", ", story);
    }

    void run() throws Exception {
        work.prepare(files);
        follower.start();
        int[] points = random.ints(1 + random.nextInt(MAX_FAULTS), 0, work.count).sorted().toArray();
        for (int point : points) {
            awaitOutcomes(point);
            LockSupport.parkNanos((long) (random.nextDouble() * MAX_DELAY_NANOS));
            Fault fault = nextFault();
            story.add(fault + " after " + point);
            happen(fault);
        }
        JournalEntry.Finished last = follower.end().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNull(last.failure());
        check(last);
    }

    private Fault nextFault() {
        Fault fault = MIX.get(random.nextInt(MIX.size()));
        boolean nobodyThere = fault == Fault.KILL_PROCESS && work.kind == FaultyWork.Kind.FETCHES;
        return nobodyThere ? Fault.KILL_SUPERVISOR : fault;
    }

    /** Also over when the run is. */
    private void awaitOutcomes(int wanted) throws Exception {
        JournalIndex journal = JournalIndex.read(files.journal());
        Await.until(wanted + " outcomes; log: " + log(), () -> {
            journal.refresh();
            return journal.ended() >= wanted || journal.finished() != null;
        });
    }

    private void happen(Fault fault) throws IOException {
        switch (fault) {
            case KILL_SUPERVISOR -> supervisor().ifPresent(process -> {
                supervisorFaults.incrementAndGet();
                process.destroyForcibly();
            });
            case TERMINATE_SUPERVISOR -> supervisor().ifPresent(process -> {
                supervisorFaults.incrementAndGet();
                process.destroy();
            });
            case KILL_PROCESS -> {
                List<ProcessHandle> processes = new ArrayList<>(PoolEnvironment.runCookie(runId).processes());
                Collections.shuffle(processes, random);
                processes.stream().limit(1).forEach(process -> {
                    processFaults++;
                    process.destroyForcibly();
                });
            }
            case RESTART_FOLLOWER -> follower.restart(random.nextBoolean() ? 0 : random.nextInt(400));
            case CANCEL -> {
                cancelled = true;
                Files.writeString(files.cancel(), "a fault");
            }
            default -> throw new AssertionError(fault);
        }
    }

    /** The one that has the lock, or is about to. */
    private Optional<ProcessHandle> supervisor() throws IOException {
        Optional<ProcessHandle> starting = SupervisorProcess.read(files.starting())
                .flatMap(process -> ProcessHandle.of(process.pid()))
                .filter(ProcessSearch::isRunning);
        return starting.isPresent() ? starting : SupervisorProcess.read(files).flatMap(SupervisorProcess::handle);
    }

    private void check(JournalEntry.Finished last) throws Exception {
        assertEquals("branches", work.count, last.total());
        assertArrayEquals("the copy", Files.readAllBytes(files.journal()), Files.readAllBytes(copy));
        int[] lines = new int[work.count];
        int[] starts = new int[1];
        JournalLines.visit(copy, 0, (entry, offset, length) -> {
            if (entry instanceof JournalEntry.Ended ended) {
                lines[ended.outcome().index()]++;
            } else if (entry instanceof JournalEntry.Started) {
                starts[0]++;
            }
        });
        assertTrue("each once in the journal: " + Arrays.toString(lines), Arrays.stream(lines).allMatch(n -> n == 1));
        assertEquals("each reported once", work.count, follower.reported().size());
        assertTrue(follower.reported().values().stream().allMatch(n -> n == 1));
        assertTrue(starts[0] + " starts", starts[0] <= 1 + supervisorFaults.get());

        JournalIndex journal = JournalIndex.read(copy);
        int extraAttempts = 0;
        for (int index = 0; index < work.count; index++) {
            Outcome outcome = journal.outcome(index);
            assertNotNull(outcome);
            check(outcome);
            extraAttempts += Math.max(0, outcome.attempts() - 1);
        }
        // Each fault costs at most what was under way.
        int explained = supervisorFaults.get() * work.width + processFaults;
        assertTrue(extraAttempts + " more attempts than branches, not " + explained, extraAttempts <= explained);
        checkNothingIsLeft();
    }

    private void check(Outcome outcome) throws IOException {
        int index = outcome.index();
        String text = outcome.toString();
        int executions = work.executions(index);
        assertTrue(text + " done " + executions + " times", executions <= outcome.attempts());
        if (work.isUnrepeatable(index)) {
            assertTrue(text + " done " + executions + " times", executions <= 1);
        }
        switch (outcome.status()) {
            case SUCCEEDED -> {
                assertTrue(text + " was not done", executions > 0);
                assertTrue(text + " is not whole", work.isWhole(index));
            }
            case CANCELLED -> assertTrue(text, cancelled || work.failFast);
            default -> {
                boolean lost = outcome.error().type() == ErrorType.LOST && work.isUnrepeatable(index);
                boolean killed = work.failFast && processFaults > 0; // there are no retries then
                assertTrue(text, lost || killed || work.fails(index));
            }
        }
        if (work.fails(index)) {
            assertTrue(text, outcome.status() != OutcomeStatus.SUCCEEDED);
        }
    }

    private void checkNothingIsLeft() throws Exception {
        List<ProcessHandle> processes = PoolEnvironment.runCookie(runId).processes().stream()
                .filter(ProcessSearch::isRunning)
                .toList();
        assertEquals("processes", List.of(), processes);
        Await.until("the supervisor's end", () -> supervisor().isEmpty());
        assertEquals("temporary files", List.of(), temporaryFiles());
        assertTrue(log(), log().lines().allMatch(line -> line.endsWith("leaves the run to another supervisor")));
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> own = Files.walk(files.directory());
                Stream<Path> outside = Files.walk(workspace)) {
            return Stream.concat(own, outside)
                    .filter(file -> file.getFileName().toString().matches(".*\\.(part|partial|reserve|out|cmd)"))
                    .toList();
        }
    }

    private String log() throws IOException {
        return Files.exists(files.log()) ? Files.readString(files.log()) : "";
    }

    @Override
    public void close() throws IOException {
        follower.close();
        work.close();
        supervisor().ifPresent(ProcessHandle::destroyForcibly);
        PoolEnvironment.runCookie(runId).processes().forEach(ProcessHandle::destroyForcibly);
    }
}
