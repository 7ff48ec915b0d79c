package io.jenkins.plugins.concurrency.agent;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LostBranchesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private RunFiles build;

    @Before
    public void writeThreeBranchesOfWhichOneHasEnded() throws IOException {
        build = new RunFiles(folder.getRoot().toPath());
        RunInputs.write(build, Stream.of("a", "b", "c").map(name -> Map.of("name", name)));
        try (JournalWriter journal = new JournalWriter(build.journal())) {
            journal.append(new JournalEntry.Ended(Outcome.lost(1, "b", "the agent said so")));
        }
    }

    private LostBranches lost() throws IOException {
        return new LostBranches(
                build, new JournalReceiver(build.journal(), new JournalReceiver.Expected(3, true), 0, outcome -> {}));
    }

    @Test
    public void whatTheJournalLacksIsLost() throws IOException {
        List<String> names = new ArrayList<>();
        JournalEntry.Finished last = lost().write("gone", null, outcome -> names.add(outcome.name()));
        assertEquals(List.of("a", "c"), names);
        assertEquals(new JournalEntry.Finished(3, null), last);
        JournalIndex journal = JournalIndex.read(build.journal());
        assertEquals(last, journal.finished());
        assertEquals(3, journal.count(OutcomeStatus.FAILED));
    }

    @Test
    public void aControllerThatDiesMeanwhileLeavesTheJournalAsItWas() throws IOException {
        String before = Files.readString(build.journal());
        LostBranches interrupted = lost();
        assertThrows(IllegalStateException.class, () -> interrupted.write("gone", null, outcome -> {
            if (outcome.name().equals("c")) {
                throw new IllegalStateException("dies here");
            }
        }));
        assertEquals(before, Files.readString(build.journal()));
        assertEquals(new JournalEntry.Finished(3, null), lost().write("gone", null, outcome -> {}));
        assertEquals(3, JournalIndex.read(build.journal()).count(OutcomeStatus.FAILED));
    }
}
