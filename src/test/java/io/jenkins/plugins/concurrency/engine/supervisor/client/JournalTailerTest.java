package io.jenkins.plugins.concurrency.engine.supervisor.client;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** The one thread that follows the journals of all runs. */
public class JournalTailerTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    private final CompletableFuture<String> otherHeard = new CompletableFuture<>();
    private final CompletableFuture<Long> busyHeard = new CompletableFuture<>();

    private RunFiles withALine() throws IOException {
        RunFiles files = new RunFiles(folder.newFolder().toPath());
        Files.writeString(files.journal(), "1\n");
        return files;
    }

    /** Has another line whenever the one before was heard, until the other run was heard too. */
    private final class Busy implements JournalTailer.Listener {

        private final RunFiles files;
        private long heard;

        Busy(RunFiles files) {
            this.files = files;
        }

        @Override
        public void lines(long offset, byte[] lines) throws IOException {
            if (heard == 0) {
                JournalTailer.follow(withALine(), 0, 0, new Other());
            }
            heard += lines.length;
            if (!otherHeard.isDone()) {
                Files.writeString(files.journal(), "more\n", StandardOpenOption.APPEND);
            }
        }

        @Override
        public void consoleOutput(long offset, byte[] lines) {
            throw new AssertionError();
        }

        @Override
        public void supervisorGone(String log) {
            busyHeard.complete(heard);
        }
    }

    private final class Other implements JournalTailer.Listener {

        @Override
        public void lines(long offset, byte[] lines) {
            otherHeard.complete(new String(lines, StandardCharsets.UTF_8));
        }

        @Override
        public void consoleOutput(long offset, byte[] lines) {
            throw new AssertionError();
        }

        @Override
        public void supervisorGone(String log) {
            // it never had one
        }
    }

    @Test
    public void ofTheEndOfASupervisorIsToldOnlyBeforeTheRunsEnd() throws Exception {
        RunFiles over = withALine();
        Files.writeString(over.journal(), "{\"finished\":1}\n", StandardOpenOption.APPEND);
        RunFiles cutOff = withALine();
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> end = new CompletableFuture<>();
        JournalTailer.follow(over, 0, 0, new Told("over", told, end));
        JournalTailer.follow(cutOff, 0, 0, new Told("cut off", told, end));
        end.get();
        assertEquals(List.of("cut off"), told);
    }

    /** What is told of runs without a supervisor, until that is told of the one that was followed last. */
    private record Told(String run, List<String> told, CompletableFuture<Void> end) implements JournalTailer.Listener {

        @Override
        public void lines(long offset, byte[] lines) {
            // not what it is about
        }

        @Override
        public void consoleOutput(long offset, byte[] lines) {
            throw new AssertionError();
        }

        @Override
        public void supervisorGone(String log) {
            told.add(run);
            if (run.equals("cut off")) {
                end.complete(null);
            }
        }
    }

    @Test
    public void aRunThatAlwaysHasNewsLeavesOthersTheirTurn() throws Exception {
        RunFiles busy = withALine();
        JournalTailer.follow(busy, 0, 0, new Busy(busy));
        assertEquals("1\n", otherHeard.get());
        assertEquals("all, before its supervisor is gone", Files.size(busy.journal()), (long) busyHeard.get());
    }
}
