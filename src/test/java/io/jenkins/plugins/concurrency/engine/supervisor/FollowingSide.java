package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.supervisor.client.JournalTailer;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorSettings;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.PollDelay;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SocketKey;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What a controller does with a run: starts supervisors for as long as the run has not ended, and copies the journal.
 * Can be killed and started again, as far as its copy is concerned.
 */
final class FollowingSide implements AutoCloseable {

    private final RunFiles files;
    private final Path copy;
    private final Path home;
    private final int total;
    private final Random random;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final CompletableFuture<JournalEntry.Finished> end = new CompletableFuture<>();

    /** Guarded by this. */
    private Life life;

    /** @param home of the supervisor that other runs may have as well */
    FollowingSide(RunFiles files, Path copy, Path home, int total, Random random) {
        this.files = files;
        this.copy = copy;
        this.home = home;
        this.total = total;
        this.random = random;
    }

    /** @param all {@code null} for a supervisor for each run */
    static SupervisorSettings settings(List<String> classPath, SupervisorSettings.Shared all) {
        return new SupervisorSettings(classPath, SupervisorSettings.HEAP_MIB, null, all, NodeLimits.NONE);
    }

    static SocketKey newKey() {
        byte[] bytes = new byte[SocketKey.BYTES];
        new SecureRandom().nextBytes(bytes);
        return SocketKey.of(bytes);
    }

    /** Completes when the copy has the run's last line and the supervisor is gone. */
    CompletableFuture<JournalEntry.Finished> end() {
        return end;
    }

    /** How often each branch was reported since the last restart. */
    synchronized Map<Integer, Integer> reported() {
        return life.reported;
    }

    void start() throws IOException {
        launch();
        restart(0);
    }

    private void launch() throws IOException {
        SupervisorSettings.Shared all =
                new SupervisorSettings.Shared(home, Duration.ofMinutes(1), SocketKey.of(new byte[SocketKey.BYTES]));
        SupervisorLauncher.start(files, settings(List.of(TestJvm.CLASS_PATH), all), System.getenv());
    }

    /** Twice at the same time, as by a controller and the one that replaces it. */
    private void launchTwice() throws IOException {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            try {
                launch();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        launch();
        other.join();
    }

    /**
     * Begins anew with what the copy has, as a controller that was killed; not after the end.
     *
     * @param tornBytes how much of what it wrote last never reached the disk
     */
    synchronized void restart(int tornBytes) throws IOException {
        if (end.isDone()) {
            return; // what it has is looked at already
        }
        if (life != null) {
            life.end();
        }
        if (Files.exists(copy)) {
            try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
                file.setLength(Math.max(0, file.length() - tornBytes));
            }
        }
        life = new Life();
        life.follow();
    }

    /** The journal is complete. */
    private void awaitEnd(Life witness) {
        try {
            while (SupervisorLiveness.isAlive(files)) {
                PollDelay.sleep(1);
            }
            supervisorGone(witness);
        } catch (IOException e) {
            end.completeExceptionally(e);
        }
    }

    private synchronized void supervisorGone(Life witness) {
        try {
            if (witness != life) {
                return;
            }
            JournalEntry.Finished last = life.receiver.finished();
            if (last != null) {
                end.complete(last);
                return;
            }
            if (random.nextInt(4) == 0) {
                launchTwice();
            } else {
                launch();
            }
            life.follow();
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            life.end();
        }
        thread.shutdownNow();
    }

    /** From one start of the following side to its end. */
    private final class Life implements JournalTailer.Listener {

        private final Map<Integer, Integer> reported = new HashMap<>();
        private final JournalReceiver receiver;
        private JournalTailer tailer;
        private boolean over;

        Life() throws IOException {
            receiver = new JournalReceiver(
                    copy,
                    new JournalReceiver.Expected(total, true),
                    0,
                    outcome -> reported.merge(outcome.index(), 1, Integer::sum));
        }

        void follow() {
            tailer = JournalTailer.follow(files, receiver.length(), 0, this);
        }

        synchronized void end() {
            over = true;
            tailer.close();
        }

        @Override
        public synchronized void lines(long offset, byte[] lines) throws IOException {
            if (over) {
                throw new IOException("this controller is dead");
            }
            receiver.receive(offset, lines);
            if (receiver.finished() != null) {
                thread.execute(() -> awaitEnd(this));
            }
        }

        @Override
        public void consoleOutput(long offset, byte[] lines) {
            // the work has nothing to say
        }

        @Override
        public void supervisorGone(String log) {
            thread.execute(() -> FollowingSide.this.supervisorGone(this));
        }
    }
}
