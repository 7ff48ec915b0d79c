package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.HoldStep;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineSessionRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** {@code gather} across orderly restarts of the controller. */
public class GatherRestartTest {

    @Rule
    public final PipelineSessionRule sessions = new PipelineSessionRule();

    @After
    public void forgetWhatIsHeld() {
        HoldStep.clear();
    }

    private static String branches(String... names) {
        return Stream.of(names)
                .map(name -> name + ": { echo 'begin " + name + "'; hold '" + name + "'; seen << '" + name
                        + "'; echo 'end " + name + "'; '" + name.toUpperCase() + "' }")
                .collect(Collectors.joining(", "));
    }

    @Test
    public void goesOnWithSomeDoneSomeLiveAndSomeWaiting() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.start("job", "def seen = []\nstage('s') {\n"
                            + "def r = gather branches: [date: { new Date(7) }, " + branches("a", "b", "c", "d", "e")
                            + "], concurrency: 2\n"
                            + "echo \"values ${r.values().drop(1)} ${r['date'].value.time}\"\n"
                            + "echo \"attempts ${r.collect { it.attempts }} seen ${seen.sort()}\"\n}");
            HoldStep.await("a", "b");
            HoldStep.release("a");
            HoldStep.await("b", "c");
            jenkins.waitForMessage("end a", run);
        });
        HoldStep.clear();
        sessions.then(jenkins -> {
            HoldStep.await("b", "c");
            HoldStep.release("b", "c");
            HoldStep.await("d", "e");
            HoldStep.release("d", "e");
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("values [A, B, C, D, E] 7", run);
            jenkins.assertLogContains("attempts [1, 1, 1, 1, 1, 1] seen [a, b, c, d, e]", run);
            jenkins.assertLogContains("gather: 6 branches in", run);
            assertEachOnce(run);
        });
    }

    private static void assertEachOnce(WorkflowRun run) throws Exception {
        List<String> log = run.getLog(10_000);
        for (String name : List.of("a", "b", "c", "d", "e")) {
            for (String line : List.of("begin " + name, "end " + name)) {
                assertEquals(line, 1, log.stream().filter(line::equals).count());
            }
        }
    }

    @Test
    public void testResultsAreWrittenAfterARestartInBetween() throws Throwable {
        sessions.then(jenkins -> {
            DumbSlave agent = jenkins.simpleAgent("apart", "apart");
            WorkflowRun run = jenkins.start("job", "node('apart') {\n"
                    + "gather branches: [a: { hold 'a' }, b: { error 'wrong' }], junit: 'g.xml', onFailure: 'ignore'\n"
                    + "echo readFile('g.xml')\n}");
            HoldStep.await("a");
            agent.toComputer().disconnect(null).get();
            HoldStep.release("a");
            Path journal = BuildRecord.of(run).awaitRun().journal();
            Await.until("the end of all branches", () -> Files.readString(journal).contains("\"finished\""));
            assertTrue("the step waits for the agent", run.isBuilding());
        });
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("tests=\"2\" failures=\"1\"", run);
            jenkins.assertLogContains("gather: 2 branches in", run);
        });
    }

    @Test
    public void aTimeLimitHoldsAcrossARestart() throws Throwable {
        sessions.then(jenkins -> {
            jenkins.start("job", "def r = gather branches: [a: { hold 'a' }], timeout: 5, onFailure: 'ignore'\n"
                    + "echo \"a ${r['a'].error}\"");
            HoldStep.await("a");
        });
        HoldStep.clear();
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("a timeout: did not end within 5 s", run);
        });
    }

    @Test
    public void aPauseBetweenAttemptsGoesOnAfterARestart() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.start("job", "def tries = 0\ndef r = gather branches: [a: { tries++; if (tries == 1) { error 'once' }; tries }],"
                            + " retries: 1, retryDelay: 20\necho \"a ${r['a'].value} ${r['a'].attempts}\"");
            jenkins.waitForMessage("a: next attempt in", run);
        });
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("a 2 2", run);
        });
    }

    @Test
    public void failFastNamesTheFailureThatWasWrittenBeforeTheRestart() throws Throwable {
        sessions.then(jenkins -> {
            jenkins.start("job", "def r = gather branches: [bad: { hold 'bad' }, good: { hold 'good' }, other: { hold 'other' }],"
                    + " failFast: true, onFailure: 'ignore'\necho \"${r.collect { it.outcome }} ${r['other'].error}\"");
            HoldStep.await("bad", "good", "other");
        });
        HoldStep.clear();
        // as if the controller had been killed after it wrote this and before it stored the program
        BranchError error = new BranchError(ErrorType.ERROR, "broken");
        Path file = BuildRecord.of(sessions.home().toFile(), "job").awaitRun().journal();
        try (JournalWriter journal = new JournalWriter(file)) {
            journal.append(new JournalEntry.Ended(new Outcome(0, "bad", OutcomeStatus.FAILED, error, 1, 1, 1, Map.of())));
        }
        sessions.then(jenkins -> {
            HoldStep.await("bad", "good", "other");
            HoldStep.release("good");
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("[failed, succeeded, cancelled] cancelled: failFast: 'bad' failed", run);
        });
    }

    @Test
    public void canBeAbortedAfterARestart() throws Throwable {
        sessions.then(jenkins -> {
            jenkins.start("job", "gather branches: [a: { hold 'a' }, b: { hold 'b' }, c: { echo 'c runs' }], concurrency: 2");
            HoldStep.await("a", "b");
        });
        HoldStep.clear();
        sessions.then(jenkins -> {
            HoldStep.await("a", "b");
            WorkflowRun run = jenkins.build("job");
            run.doStop();
            jenkins.assertEnd(Result.ABORTED, run);
            jenkins.assertLogContains("0 succeeded, 3 cancelled", run);
            jenkins.assertLogNotContains("c runs", run);
        });
    }

    @Test
    public void branchesWithTheirOwnNodeGoOn() throws Throwable {
        sessions.then(jenkins -> {
            jenkins.jenkins.setNumExecutors(2);
            jenkins.start("job", "def r = gather branches: [a: { node { hold 'a'; pwd() } }, b: { node { hold 'b'; pwd() } },"
                    + " c: { node { hold 'c'; pwd() } }], concurrency: 2\n"
                    + "echo \"nodes ${r.values().every { it.contains('workspace') }} ${r.collect { it.attempts }}\"");
            HoldStep.await("a", "b");
        });
        HoldStep.clear();
        sessions.then(jenkins -> {
            HoldStep.await("a", "b");
            HoldStep.release("a");
            HoldStep.await("b", "c");
            HoldStep.release("b", "c");
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("nodes true [1, 1, 1]", run);
        });
    }

    @Test
    public void nestedOnesGoOnToo() throws Throwable {
        sessions.then(jenkins -> {
            jenkins.start("job", "def r = parallel p: { gather branches: [one: { gather branches: [a: { hold 'a'; 1 },"
                    + " b: { hold 'b'; 2 }], concurrency: 1 }, two: { hold 'two'; 3 }] },"
                    + " q: { gather(matrix: [n: ['q', 'r']], include: [[n: 'r', m: 5]], concurrency: 1) { cell -> hold cell.n; cell } }\n"
                    + "echo \"inner ${r['p']['one'].value.values()} outer ${r['p']['two'].value} cells ${r['q'].values()}\"");
            HoldStep.await("a", "two", "q");
        });
        HoldStep.clear();
        sessions.then(jenkins -> {
            HoldStep.await("a", "two", "q");
            HoldStep.release("a", "q");
            HoldStep.await("b", "two", "r");
            HoldStep.release("b", "two", "r");
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("inner [1, 2] outer 3 cells [[n:q], [n:r, m:5]]", run);
        });
    }
}
