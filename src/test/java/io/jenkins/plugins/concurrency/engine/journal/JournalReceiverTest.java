package io.jenkins.plugins.concurrency.engine.journal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class JournalReceiverTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Integer> reported = new ArrayList<>();

    private Path copy() {
        return folder.getRoot().toPath().resolve("journal.ndjson");
    }

    private JournalReceiver receiver() throws IOException {
        return receiver(new JournalReceiver.Expected(3, true));
    }

    private JournalReceiver receiver(JournalReceiver.Expected expected) throws IOException {
        return new JournalReceiver(copy(), expected, 0, outcome -> reported.add(outcome.index()));
    }

    private static byte[] line(JournalEntry entry) {
        return (Json.write(entry.toJson()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] branch(int index) {
        return line(new JournalEntry.Ended(Outcome.lost(index, "b" + index, "test")));
    }

    @Test
    public void whatArrivesTwiceIsTakenOnce() throws IOException {
        JournalReceiver receiver = receiver();
        byte[] first = branch(0);
        receiver.receive(0, first);
        receiver.receive(0, first);
        byte[] both = concat(first, branch(1));
        receiver.receive(0, both);
        assertEquals(List.of(0, 1), reported);
        assertEquals(both.length, receiver.length());
        assertEquals(both.length, Files.size(copy()));
    }

    @Test
    public void aRestartedControllerGoesOnBehindTheLastWholeLine() throws IOException {
        receiver().receive(0, branch(0));
        Files.writeString(copy(), "{\"index\":1,\"na", java.nio.file.StandardOpenOption.APPEND);
        reported.clear();
        JournalReceiver restarted = receiver();
        assertEquals("what is there is reported again", List.of(0), reported);
        restarted.receive(restarted.length(), branch(1));
        assertEquals(List.of(0, 1), reported);
        assertEquals(2, Files.readAllLines(copy()).size());
    }

    @Test
    public void whatWasThereIsReportedInItsOwnWay() throws IOException {
        receiver().receive(0, branch(0));
        reported.clear();
        List<Integer> restored = new ArrayList<>();
        JournalReceiver restarted = new JournalReceiver(copy(), new JournalReceiver.Expected(3, true), 0, new JournalReceiver.Listener() {
            @Override
            public void branchEnded(Outcome outcome) {
                reported.add(outcome.index());
            }

            @Override
            public void branchRestored(Outcome outcome) {
                restored.add(outcome.index());
            }
        });
        restarted.receive(restarted.length(), branch(1));
        assertEquals(List.of(0), restored);
        assertEquals(List.of(1), reported);
    }

    @Test
    public void moreThanTheRunMayHaveWrittenIsRefused() throws IOException {
        JournalReceiver receiver = new JournalReceiver(
                copy(), new JournalReceiver.Expected(3, true), 10, outcome -> reported.add(outcome.index()));
        byte[] line = branch(0);
        receiver.receive(0, line);
        assertEquals("the line that fills it, and the last, have a place", List.of(0), reported);
        byte[] large = line(new JournalEntry.Finished(1, "x".repeat(JournalLines.MAX_LINE - 100)));
        assertThrows(
                JournalWriter.JournalFullException.class,
                () -> receiver.receive(line.length, concat(large, concat(large, large))));
        assertEquals(line.length, Files.size(copy()));
    }

    @Test
    public void whatIsNoJournalIsRefusedAndNotKept() throws IOException {
        JournalReceiver receiver = receiver();
        byte[] good = branch(0);
        receiver.receive(0, good);
        for (byte[] bad : List.of(
                "rubbish\n".getBytes(StandardCharsets.UTF_8),
                "{\"index\":1".getBytes(StandardCharsets.UTF_8),
                branch(3),
                line(new JournalEntry.Finished(Integer.MAX_VALUE, "failed")),
                line(new JournalEntry.Finished(-1, "failed")))) {
            assertThrows(IOException.class, () -> receiver.receive(good.length, bad));
        }
        assertThrows("a gap", IOException.class, () -> receiver.receive(good.length + 1, branch(1)));
        assertEquals(good.length, Files.size(copy()));
        assertEquals(List.of(0), reported);
    }

    @Test
    public void nothingFollowsTheLastLine() throws IOException {
        JournalReceiver receiver = receiver();
        receiver.receive(0, line(new JournalEntry.Finished(0, "it could not begin")));
        assertThrows(IOException.class, () -> receiver.receive(receiver.length(), branch(0)));
    }

    @Test
    public void aRunEndsWithAllOfItsBranches() throws IOException {
        byte[] both = concat(branch(0), branch(2));
        for (int claimed : new int[] {1, 2, 3}) {
            assertThrows(
                    "fewer than it was given, or more than have ended",
                    IOException.class,
                    () -> receiver().receive(0, concat(both, line(new JournalEntry.Finished(claimed, null)))));
        }
        receiver().receive(0, concat(both, concat(branch(1), line(new JournalEntry.Finished(3, null)))));
    }

    @Test
    public void oneThatIsFedEndsWithWhatItGot() throws IOException {
        receiver(new JournalReceiver.Expected(3, false))
                .receive(0, concat(branch(2), line(new JournalEntry.Finished(1, null))));
        assertEquals(List.of(2), reported);
    }

    @Test
    public void whereOnlyTheAgentKnowsTheBranchesTheirNumberIsThatOfTheEnds() throws IOException {
        JournalReceiver receiver = receiver(new JournalReceiver.Expected(-1, true));
        receiver.receive(0, branch(0));
        for (byte[] bad : List.of(
                branch(BranchPlaces.MAX_BRANCHES),
                line(new JournalEntry.Finished(BranchPlaces.MAX_BRANCHES, null)),
                line(new JournalEntry.Finished(0, null)))) {
            assertThrows(IOException.class, () -> receiver.receive(receiver.length(), bad));
        }
        receiver.receive(receiver.length(), line(new JournalEntry.Finished(1, null)));
    }

    @Test
    public void linesThatSayNothingNewAreLimited() throws IOException {
        String text = "x".repeat(JournalLines.MAX_LINE / 2);
        for (JournalEntry entry : List.of(
                new JournalEntry.Started(text, 1),
                new JournalEntry.Suspended(text, 1),
                new JournalEntry.Ended(Outcome.lost(0, text, "again")))) {
            JournalReceiver receiver = receiver();
            receiver.receive(receiver.length(), branch(0));
            byte[] line = line(entry);
            IOException refused = assertThrows(IOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    receiver.receive(receiver.length(), line);
                }
            });
            assertEquals("more than 16777216 bytes of other lines than branch ends", refused.getMessage());
            assertEquals("a restarted controller counts them too", refused.getMessage(), assertThrows(
                            IOException.class, () -> receiver().receive(receiver.length(), line))
                    .getMessage());
            Files.delete(copy());
        }
    }

    @Test
    public void whatHasBeenTakenIsNotReadAgain() throws IOException {
        JournalReceiver receiver = receiver();
        byte[] first = concat(branch(2), branch(0));
        receiver.receive(0, first);
        receiver.close();
        JournalIndex index = receiver.index();
        byte[] journal = concat(first, branch(1)); // written by who closes the run
        java.util.Arrays.fill(journal, 0, first.length, (byte) ' ');
        Files.write(copy(), journal);
        index.refresh();
        assertEquals(3, index.ended());
        Files.write(copy(), concat(first, branch(1)));
        assertEquals("b0", index.outcome(0).name());
        assertEquals("b1", index.outcome(1).name());
        assertEquals("b2", index.outcome(2).name());
    }

    @Test
    public void whatIsRefusedIsNotInTheIndex() throws IOException {
        JournalReceiver receiver = receiver();
        receiver.receive(0, branch(0));
        assertThrows(IOException.class, () -> receiver.receive(receiver.length(), concat(branch(1), branch(3))));
        receiver.close();
        assertEquals(1, receiver.index().ended());
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
