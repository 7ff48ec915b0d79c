package io.jenkins.plugins.concurrency.engine.run.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class AtomicFileTest {

    /** So long that nearly all of a writer's time is between beginning and end. */
    private static final int LENGTH = 4_000_000;

    private static final int MAX_WRITERS = 20;
    private static final int WRITES = 300;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.getRoot().toPath())) {
            return files.toList();
        }
    }

    @Test
    public void whatAKilledWriterHasLeftGoesWithTheNextOne() throws Exception {
        Path file = folder.getRoot().toPath().resolve("written");
        Path other = Files.createFile(file.resolveSibling("writtenbeside.1.partial"));
        for (int writers = 0; !isMoreThan(file, other) && writers < MAX_WRITERS; writers++) {
            killInMidWrite(file, other);
        }
        assertTrue("a writer that is killed leaves something", isMoreThan(file, other));
        AtomicFile.write(file, "whole");
        assertEquals(Set.of(file, other), Set.copyOf(files()));
        assertEquals("whole", Files.readString(file));
    }

    private boolean isMoreThan(Path file, Path other) throws IOException {
        return !Set.of(file, other).containsAll(files());
    }

    private void killInMidWrite(Path file, Path other) throws Exception {
        Process writer = TestJvm.of(Writer.class, file.toString()).start();
        try {
            while (writer.isAlive() && !isMoreThan(file, other)) {
                Thread.onSpinWait();
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    /** Writes a file again and again. */
    public static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            while (true) {
                AtomicFile.write(Path.of(arguments[0]), "x".repeat(LENGTH));
            }
        }
    }

    @Test
    public void whatIsNotCommittedIsNotThere() throws Exception {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("written"), "before");
        try (AtomicFile half = AtomicFile.of(file)) {
            Files.writeString(half.partial(), "half");
        }
        assertEquals(List.of(file), files());
        assertEquals("before", Files.readString(file));
        Files.writeString(AtomicFile.of(file).partial(), "of a writer that was killed");
        try (AtomicFile whole = AtomicFile.of(file)) {
            assertFalse("nobody appends to it", Files.exists(whole.partial()));
            Files.writeString(whole.partial(), "whole");
            whole.commit();
        }
        assertEquals(List.of(file), files());
        assertEquals("whole", Files.readString(file));
    }

    @Test
    public void anEndedRunKeepsNoHalfInputs() throws Exception {
        RunFiles run = new RunFiles(folder.getRoot().toPath());
        Files.writeString(run.branches(), "{}");
        for (Path input : List.of(run.branches(), run.spec(), run.earlier())) {
            Files.writeString(AtomicFile.of(input).partial(), "of a writer that was killed");
        }
        run.deleteInputs();
        assertEquals(List.of(), files());
    }

    @Test
    public void ofWritersAtOnceNoneFailsAndReadersSeeWholeTexts() throws Exception {
        Path file = folder.getRoot().toPath().resolve("written");
        List<String> texts = List.of("a".repeat(20_000), "b".repeat(10), "c".repeat(50_000));
        AtomicFile.write(file, texts.get(0));
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (String text : texts) {
            writers.add(CompletableFuture.runAsync(() -> writeOften(file, text), task -> new Thread(task).start()));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new));
        while (!all.isDone()) {
            assertTrue(texts.contains(Files.readString(file)));
        }
        all.join();
        assertEquals(List.of(file), files());
    }

    private static void writeOften(Path file, String text) {
        try {
            for (int i = 0; i < WRITES; i++) {
                AtomicFile.write(file, text);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
