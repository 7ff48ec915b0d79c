package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
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
    private final class Busy implements JournalListener {

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
        public void said(long offset, byte[] lines) {
            throw new AssertionError();
        }

        @Override
        public void supervisorGone(String log) {
            busyHeard.complete(heard);
        }
    }

    private final class Other implements JournalListener {

        @Override
        public void lines(long offset, byte[] lines) {
            otherHeard.complete(new String(lines, StandardCharsets.UTF_8));
        }

        @Override
        public void said(long offset, byte[] lines) {
            throw new AssertionError();
        }

        @Override
        public void supervisorGone(String log) {
            // it never had one
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
