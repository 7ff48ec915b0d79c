package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.File;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Ten thousand commands of which one in twenty misbehaves: each is accounted for, and nothing is left. */
public class CommandFaultsTest {

    private static final int COUNT = Integer.getInteger("faults.commands", 10_000);
    private static final long SEED = Long.getLong("faults.seed", 42L);

    /** How a command misbehaves, and how its branch has to end: an exit code, or a type. */
    private enum Fault {
        EXIT("exit 3", 3, null),
        EXIT_HIGH("exit 255", 255, null),
        NOT_FOUND("no-such-program-here", 127, null),
        NOT_FOUND_BY_SHELL(": ; no-such-program-here", 127, null),
        NOT_EXECUTABLE("./data", 126, null),
        KILLS_ITSELF("kill -9 $$", 137, null),
        KILLS_ITS_GROUP("kill -9 0", 137, null),
        KILLS_ITS_SHELL("kill -9 $PPID", null, ErrorType.CRASH),
        IGNORES_SIGTERM("trap '' TERM; while :; do sleep 1; done", null, ErrorType.TIMEOUT),
        DAEMONIZES("setsid sleep 1000 & exit 4", 4, null),
        FORKS_WITHOUT_END("while :; do (sleep 1 &); sleep 0.05; done", null, ErrorType.TIMEOUT),
        FINDS_THE_DISK_FULL("cat /dev/zero >/dev/full", 1, null),
        CLOSES_STDOUT("exec >&- 2>&-; exit 5", 5, null),
        WRITES_MUCH("yes | head -c 3000000; exit 6", 6, null),
        WRITES_TOO_MUCH("yes", null, ErrorType.TOO_LARGE),
        WRITES_RUBBISH("head -c 1000 /dev/urandom; head -c 1000 /dev/urandom >&2; exit 7", 7, null);

        final String command;
        final Integer exitCode;
        final ErrorType type;

        Fault(String command, Integer exitCode, ErrorType type) {
            this.command = command;
            this.exitCode = exitCode;
            this.type = type == null ? ErrorType.EXIT : type;
        }
    }

    @Rule
    public final PoolRule pool = new PoolRule();

    /** Those whose end takes seconds are seldom. */
    private static Fault fault(Random random) {
        if (random.nextInt(20) > 0) {
            return null;
        }
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        boolean slow = fault == Fault.IGNORES_SIGTERM || fault == Fault.FORKS_WITHOUT_END || fault == Fault.WRITES_TOO_MUCH;
        return slow && random.nextInt(8) > 0 ? Fault.EXIT : fault;
    }

    @Test
    public void everyCommandIsAccountedForAndNothingIsLeft() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        Files.writeString(pool.directory().resolve("data"), "x");
        pool.workers(4);
        pool.timeout(Duration.ofSeconds(20));
        pool.options(new OutputOptions(20, null, false));
        Random random = new Random(SEED);
        List<Fault> faults = new ArrayList<>();
        List<String> tasks = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            Fault fault = fault(random);
            faults.add(fault);
            String good = random.nextBoolean() ? "true" : "echo " + i;
            tasks.addAll(List.of("t" + i, fault == null ? good : fault.command));
        }
        List<Outcome> outcomes = pool.run(pool.commands(tasks.toArray(String[]::new)));
        assertEquals(COUNT, outcomes.size());
        for (Outcome outcome : outcomes) {
            String message = "seed " + SEED + ": " + faults.get(outcome.index()) + ": " + outcome;
            Fault fault = faults.get(outcome.index());
            if (fault == null) {
                assertEquals(message, OutcomeStatus.SUCCEEDED, outcome.status());
            } else {
                assertEquals(message, fault.type, outcome.error().type());
                if (fault.exitCode != null) {
                    assertEquals(message, fault.exitCode, outcome.details().get("exitCode"));
                }
            }
        }
        pool.killAll().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS); // as a run does at its end
        assertEquals(List.of(), pool.processes().stream().filter(ProcessSearch::isRunning).toList());
    }
}
