package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.File;
import java.time.Duration;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a run has ended itself is no success, whatever it says at its end. */
public class StoppedTasksTest {

    /** Ends with exit code 0 when it is asked to end. */
    private static final String POLITE = "trap 'exit 0' TERM; touch ready; sleep 1000 & wait";

    private static final String FAILS_WHEN_THE_OTHER_IS_READY = "while ! test -e ready; do sleep 0.05; done; exit 1";

    @Rule
    public final PoolRule pool = new PoolRule();

    @Before
    public void needsAPosixShell() {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
    }

    private static void assertCancelled(Outcome outcome) {
        assertEquals(outcome.toString(), OutcomeStatus.CANCELLED, outcome.status());
        assertEquals(outcome.toString(), ErrorType.CANCELLED, outcome.error().type());
    }

    @Test
    public void aCommandThatATimeoutEnded() throws Exception {
        pool.timeout(Duration.ofSeconds(1));
        Outcome outcome = pool.run(pool.commands("a", POLITE)).get(0);
        assertEquals(outcome.toString(), ErrorType.TIMEOUT, outcome.error().type());
    }

    @Test
    public void anAttemptThatATimeoutEndedIsRepeated() throws Exception {
        pool.timeout(Duration.ofSeconds(2));
        pool.retries(1);
        Outcome outcome = pool.run(pool.commands("a", "test -e ready && exit 0; " + POLITE)).get(0);
        assertEquals(outcome.toString(), OutcomeStatus.SUCCEEDED, outcome.status());
        assertEquals(2, outcome.attempts());
    }

    @Test
    public void aCommandThatFailFastEnded() throws Exception {
        pool.failFast();
        assertCancelled(pool.run(pool.commands("a", POLITE, "b", FAILS_WHEN_THE_OTHER_IS_READY))
                .get(0));
    }

    @Test
    public void aWorkerThatAnswersWhenItIsAskedToEnd() throws Exception {
        pool.failFast();
        String worker = "trap 'echo \"{}\"; exit 0' TERM; while read -r line; do case $line in "
                + "*polite*) touch ready; sleep 1000 & wait ;; "
                + "*) while ! test -e ready; do sleep 0.05; done; echo '{\"exitCode\":1}' ;; esac; done";
        List<Outcome> outcomes = pool.run(pool.worker(worker, "polite", "fails"));
        assertCancelled(outcomes.get(0));
        assertEquals(ErrorType.EXIT, outcomes.get(1).error().type());
    }

    @Test
    public void aFunctionThatReturnsWhenItIsInterrupted() throws Exception {
        pool.failFast();
        List<Outcome> outcomes = pool.run(pool.functionOnThreads(
                "def ready = new File('ready')\n"
                        + "if (input == 0) { ready.createNewFile(); try { Thread.sleep(600000) } catch (InterruptedException e) { return 'fine' } }\n"
                        + "while (!ready.exists()) Thread.sleep(50)\nthrow new Exception('bad')",
                0,
                1));
        assertCancelled(outcomes.get(0));
        assertEquals(ErrorType.ERROR, outcomes.get(1).error().type());
    }

    @Test
    public void aFunctionWhoseChildIsEndedWithIt() throws Exception {
        pool.failFast();
        List<Outcome> outcomes = pool.run(pool.function(
                "if (input == 1) { while (!new File('ready').exists()) Thread.sleep(50); throw new Exception('bad') }\n"
                        + "new ProcessBuilder('sh', '-c', 'touch ready; exec sleep 1000').start().waitFor()\n'fine'",
                0,
                1));
        assertCancelled(outcomes.get(0));
    }
}
