package io.jenkins.plugins.concurrency.engine.journal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class JournalTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path journal() {
        return folder.getRoot().toPath().resolve("journal.ndjson");
    }

    private static Outcome succeeded(int index) {
        return new Outcome(index, "b" + index, OutcomeStatus.SUCCEEDED, null, 1, 1_000 + index, 10, Map.of("value", "v\n" + index));
    }

    private static Outcome failed(int index) {
        BranchError error = new BranchError(ErrorType.TOO_LARGE, "too much");
        return new Outcome(index, "b" + index, OutcomeStatus.FAILED, error, 3, 2_000, 500, Map.of());
    }

    private void append(JournalEntry... entries) throws IOException {
        try (JournalWriter writer = new JournalWriter(journal())) {
            for (JournalEntry entry : entries) {
                writer.append(entry);
            }
        }
    }

    @Test
    public void outcomesAreFoundByTheirIndexInWhateverOrderTheyEnded() throws IOException {
        append(
                new JournalEntry.Started("run", 1),
                new JournalEntry.Ended(succeeded(5)),
                new JournalEntry.Ended(failed(0)),
                new JournalEntry.Ended(succeeded(2)),
                new JournalEntry.Finished(7, null));
        JournalIndex index = JournalIndex.read(journal());
        assertEquals(succeeded(5), index.outcome(5));
        assertEquals(failed(0), index.outcome(0));
        assertEquals(succeeded(2), index.outcome(2));
        assertNull(index.outcome(1));
        assertNull(index.outcome(6));
        assertEquals(7, index.total());
        assertEquals(2, index.count(OutcomeStatus.SUCCEEDED));
        assertEquals(1, index.count(OutcomeStatus.FAILED));
        assertEquals(0, index.count(OutcomeStatus.CANCELLED));
        assertEquals("from 1002 to 2500", 1_498, index.durationMillis());
    }

    @Test
    public void aTornLastLineIsPassedOverAndCutOffByTheNextWriter() throws IOException {
        append(new JournalEntry.Ended(succeeded(0)));
        Files.writeString(journal(), "{\"index\":1,\"na", StandardOpenOption.APPEND);
        JournalIndex torn = JournalIndex.read(journal());
        assertEquals(1, torn.ended());
        append(new JournalEntry.Ended(succeeded(1)), new JournalEntry.Finished(2, null));
        torn.refresh();
        assertEquals(2, torn.ended());
        assertEquals(succeeded(1), torn.outcome(1));
    }

    @Test
    public void aJournalOfOneTornLineIsEmpty() throws IOException {
        Files.writeString(journal(), "{\"started");
        assertEquals(0, JournalIndex.read(journal()).ended());
        append(new JournalEntry.Ended(succeeded(0)));
        assertEquals(1, JournalIndex.read(journal()).ended());
    }

    @Test
    public void theFirstOutcomeOfABranchCounts() throws IOException {
        append(new JournalEntry.Ended(failed(3)), new JournalEntry.Ended(succeeded(3)));
        JournalIndex index = JournalIndex.read(journal());
        assertEquals(failed(3), index.outcome(3));
        assertEquals(1, index.ended());
        List<Outcome> visited = new ArrayList<>();
        index.forEach(visited::add);
        assertEquals(List.of(failed(3)), visited);
    }

    @Test
    public void aWholeLineThatIsNoEntryIsAnError() throws IOException {
        Files.writeString(journal(), "{\"index\":-1}\n");
        assertThrows(IOException.class, () -> JournalIndex.read(journal()));
        Files.writeString(journal(), "rubbish\n");
        assertThrows(IOException.class, () -> JournalIndex.read(journal()));
    }

    @Test
    public void linesLargerThanABlockAreRead() throws IOException {
        String large = "x".repeat(1_000_000);
        Outcome outcome = new Outcome(0, "large", OutcomeStatus.SUCCEEDED, null, 1, 1, 1, Map.of("body", large));
        append(new JournalEntry.Ended(outcome), new JournalEntry.Ended(succeeded(1)));
        JournalIndex index = JournalIndex.read(journal());
        assertEquals(outcome, index.outcome(0));
        assertEquals(succeeded(1), index.outcome(1));
    }

    @Test
    public void aLineOfTheLargestLengthIsTheLastThatIsTaken() throws IOException {
        int around = new String(lineOf(0), StandardCharsets.UTF_8).length();
        byte[] largest = lineOf(JournalLines.MAX_LINE - around);
        assertEquals(JournalLines.MAX_LINE, largest.length);
        AtomicInteger visited = new AtomicInteger();
        assertEquals(largest.length, JournalLines.visit(largest, 0, (entry, offset, length) -> visited.set(length)));
        assertEquals(JournalLines.MAX_LINE, visited.get());
        byte[] larger = lineOf(JournalLines.MAX_LINE - around + 1);
        assertThrows(IOException.class, () -> JournalLines.visit(larger, 0, (entry, offset, length) -> {}));
        byte[] withoutEnd = Arrays.copyOf(larger, JournalLines.MAX_LINE);
        assertThrows(IOException.class, () -> JournalLines.visit(withoutEnd, 0, (entry, offset, length) -> {}));
    }

    private static byte[] lineOf(int characters) {
        Map<String, Object> json = new JournalEntry.Finished(0, "x".repeat(characters)).toJson();
        return (Json.write(json) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    @Test
    public void anEntryThatNobodyWouldReadIsNotWritten() throws IOException {
        append(new JournalEntry.Ended(succeeded(0)));
        JournalEntry large = new JournalEntry.Finished(0, "x".repeat(JournalLines.MAX_LINE));
        assertThrows(IOException.class, () -> append(large));
        append(new JournalEntry.Ended(succeeded(1)));
        assertEquals(2, JournalIndex.read(journal()).ended());
    }

    @Test
    public void onAFullDiskItIsSaidWhatIsWrong() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue("needs /dev/full", Files.exists(full));
        Files.createSymbolicLink(journal(), full);
        IOException thrown = assertThrows(IOException.class, () -> append(new JournalEntry.Ended(succeeded(0))));
        assertEquals("No space left on device", thrown.getMessage());
    }

    @Test
    public void theTailIsHandedOnOnceAndInWholeLines() throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        JournalTail tail = new JournalTail(journal(), 0);
        JournalTail.Receiver receiver = (offset, lines) -> {
            assertEquals(seen.size(), offset);
            seen.write(lines);
        };
        tail.deliver(receiver);
        assertEquals("nothing there yet", 0, seen.size());
        append(new JournalEntry.Started("run", 1), new JournalEntry.Ended(succeeded(0)));
        Files.writeString(journal(), "{\"index\":1,\"na", StandardOpenOption.APPEND);
        tail.deliver(receiver);
        tail.deliver(receiver);
        assertEquals("without the torn line", 2, seen.toString(StandardCharsets.UTF_8).lines().count());
        assertFalse(tail.isSuspended());
        assertThrows("not taken", IOException.class, () -> {
            append(new JournalEntry.Ended(failed(1)));
            tail.deliver((offset, lines) -> {
                throw new IOException("refused");
            });
        });
        append(new JournalEntry.Suspended("run", 1));
        tail.deliver(receiver);
        assertTrue(tail.isSuspended());
        append(new JournalEntry.Started("run", 2));
        tail.deliver(receiver);
        assertFalse("another one goes on", tail.isSuspended() || tail.isFinished());
        append(new JournalEntry.Ended(succeeded(2)), new JournalEntry.Finished(3, null));
        tail.deliver(receiver);
        assertTrue(tail.isFinished());
        assertEquals(Files.readString(journal()), seen.toString(StandardCharsets.UTF_8));
    }

    /** What connections carry in one piece needs no acknowledgement before the rest of it. */
    @Test
    public void aFewLinesAreHandedOnInSmallBlocksAndManyInLargeOnes() throws IOException {
        JournalEntry[] some = IntStream.range(0, 100)
                .mapToObj(i -> new JournalEntry.Ended(failed(i)))
                .toArray(JournalEntry[]::new);
        append(some);
        assertTrue(Files.size(journal()) > 8 * 1024);
        List<Integer> blocks = new ArrayList<>();
        JournalTail tail = new JournalTail(journal(), 0);
        tail.deliver((offset, lines) -> blocks.add(lines.length));
        assertTrue(blocks.toString(), blocks.get(0) < 8 * 1024);
        long few = Files.size(journal());
        assertEquals(few, blocks.stream().mapToInt(Integer::intValue).sum());
        for (int i = 0; i < 20; i++) {
            append(some);
        }
        blocks.clear();
        tail.deliver((offset, lines) -> blocks.add(lines.length));
        assertTrue(blocks.toString(), blocks.get(0) > 64 * 1024);
        assertEquals(Files.size(journal()) - few, blocks.stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    public void aTailThatNeverEndsIsRefused() throws IOException {
        Files.write(journal(), new byte[JournalLines.MAX_LINE]);
        JournalTail tail = new JournalTail(journal(), 0);
        assertThrows(IOException.class, () -> tail.deliver((offset, lines) -> {}));
    }

    @Test
    public void aMissingJournalIsEmpty() throws IOException {
        JournalIndex index = JournalIndex.read(journal());
        assertEquals(0, index.total());
        assertFalse(index.hasEnded(0));
        assertNull(index.finished());
    }

    @Test
    public void limitsAreReadAsTheyWereWrittenAndAreNoBranches() throws IOException {
        JournalEntry.Limits limits = new JournalEntry.Limits(Map.of("http://a", 20), 5, "agent1");
        append(limits, new JournalEntry.Limits(Map.of(), 6, null), new JournalEntry.Ended(succeeded(0)));
        List<JournalEntry> entries = new ArrayList<>();
        JournalLines.visit(journal(), 0, (entry, offset, length) -> entries.add(entry));
        assertEquals(limits, entries.get(0));
        assertEquals(1, JournalIndex.read(journal()).ended());
    }

    @Test
    public void limitsThatAreNoneAreAnError() throws IOException {
        String[] lines = {
            "{\"limits\":[[\"http://a\"]],\"at\":1}",
            "{\"limits\":[[1,2]],\"at\":1}",
            "{\"limits\":[5],\"at\":1}",
            "{\"limits\":[" + "[\"a\",1],".repeat(99) + "[\"a\",1]]}",
        };
        for (String line : lines) {
            Files.writeString(journal(), line + "\n");
            assertThrows(line, IOException.class, () -> JournalIndex.read(journal()));
        }
    }

    @Test
    public void theFailureOfTheWholeRunIsKept() throws IOException {
        append(new JournalEntry.Finished(0, "no space left"));
        JournalEntry.Finished last = JournalIndex.read(journal()).finished();
        assertTrue(last.toString(), "no space left".equals(last.failure()));
    }

    @Test
    public void aHighIndexTakesNoMemoryForThoseBelowIt() throws IOException {
        int high = BranchPlaces.MAX_BRANCHES - 1;
        try (JournalWriter writer = new JournalWriter(journal())) {
            writer.append(new JournalEntry.Ended(succeeded(high)));
        }
        long before = allocated();
        JournalIndex index = JournalIndex.read(journal());
        assertTrue("bytes: " + (allocated() - before), allocated() - before < 4 << 20);
        assertEquals(high, index.outcome(high).index());
        assertEquals(high + 1, index.total());
        assertNull(index.status(high - 1));
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    public void aRunThatFailedHasAllBranchesThatEnded() throws IOException {
        try (JournalWriter writer = new JournalWriter(journal())) {
            writer.append(new JournalEntry.Ended(succeeded(5)));
            writer.append(new JournalEntry.Finished(1, "the disk is full"));
        }
        assertEquals(6, JournalIndex.read(journal()).total());
    }

    @Test
    public void outcomesAreReadInWhateverOrder() throws IOException {
        List<Integer> indexes = new ArrayList<>(IntStream.range(0, 2_000).boxed().toList());
        Collections.shuffle(indexes, new Random(7));
        String large = "x".repeat(100_000);
        try (JournalWriter writer = new JournalWriter(journal())) {
            for (int index : indexes) {
                Outcome outcome = succeeded(index);
                writer.append(new JournalEntry.Ended(
                        index % 500 == 0 ? outcome.with(Map.of("value", large)) : outcome));
            }
        }
        JournalIndex index = JournalIndex.read(journal());
        for (int i = 0; i < indexes.size(); i++) {
            assertEquals(i % 500 == 0 ? large : "v\n" + i, index.outcome(i).details().get("value"));
            assertEquals(OutcomeStatus.SUCCEEDED, index.status(i));
        }
        for (int i : indexes) {
            assertEquals(i, index.outcome(i).index());
        }
    }
}
