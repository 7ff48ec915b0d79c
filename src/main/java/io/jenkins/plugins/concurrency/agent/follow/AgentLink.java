package io.jenkins.plugins.concurrency.agent.follow;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.agent.RunDirectory;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.agent.supervisor.SupervisorRestarts;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.supervisor.client.JournalTailer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Connects a run with its agent. It submits the run to a supervisor, receives the journal, continues on each new
 * connection, and starts another supervisor if one has died. Thread-safe; methods wait for the agent unless they say
 * otherwise.
 */
final class AgentLink {

    private static final Logger LOGGER = Logger.getLogger(AgentLink.class.getName());

    private static final int LOG_LINES_IN_MESSAGE = 5;

    /** How often in a row it may fail to follow the run while the agent is connected. */
    private static final int MAX_FAILURES = 3;

    private final RunLocation location;
    private final RunSubmission submission;
    private final JournalReceiver receiver;
    private final RunCompletion end;
    private final RunHandle.Observer observer;
    private final SupervisorRestarts supervisors;

    /** Locked while the agent is asked for the state of the run and told to continue it. */
    private final Object followLock = new Object();

    // Guarded by this.

    /** Whether a thread is about to follow the run. */
    private boolean soon = true;

    private int failures;

    /** Receives the journal through the present connection; {@code null} if there is none. */
    private AgentListener listener;

    /** How much of the lines for users has been received, in bytes; negative before the first time. */
    private long consoleBytes = -1;

    /** Why the run was cancelled; {@code null} if it was not. It is sent again when the agent reconnects. */
    private String cancelReason;

    /** Whether that includes what is under way. */
    private boolean cancelsNow;

    AgentLink(
            RunLocation location,
            RunSubmission submission,
            JournalReceiver receiver,
            RunCompletion end,
            RunHandle.Observer observer) {
        this.location = location;
        this.submission = submission;
        this.receiver = receiver;
        this.end = end;
        this.observer = observer;
        this.supervisors = new SupervisorRestarts(receiver);
    }

    /**
     * Begins to follow the run in this process.
     *
     * @param isNew whether no other process has followed it before
     * @return whether the agent was connected; if not, this waits for it
     * @throws IOException if the run can't be followed there
     */
    boolean begin(boolean isNew) throws IOException, InterruptedException {
        RunDirectory directory = location.connect();
        try {
            if (directory != null) {
                startFollowing(directory, isNew);
            }
            return directory != null;
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (directory.isConnected()) {
                throw e;
            }
            return false; // The supervisor may be there already, so this is no failure yet.
        } finally {
            synchronized (this) {
                soon = false;
            }
        }
    }

    /** Begins to receive the journal if that is possible and has not begun. Returns at once. */
    void poll() {
        FilePath directory = location.resolve();
        synchronized (this) {
            if (directory == null || soon || listener != null && listener.channel == directory.getChannel()) {
                return;
            }
            soon = true;
        }
        location.threads().execute(this::proceed);
    }

    private void proceed() {
        synchronized (this) {
            soon = false;
        }
        RunDirectory directory = location.connect();
        if (directory == null) {
            return;
        }
        try {
            startFollowing(directory, false);
            countFailures(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "can't follow " + location);
            if (directory.isConnected() && countFailures(1) == MAX_FAILURES) {
                end.failed("can't continue on " + location.nodeText() + ": " + FailureText.of(e));
            }
        }
    }

    private synchronized int countFailures(int more) {
        failures = more == 0 ? 0 : failures + more;
        return failures;
    }

    /** One thread at a time: a step may be resumed at the moment when its agent reconnects. */
    private void startFollowing(RunDirectory directory, boolean isNew) throws IOException, InterruptedException {
        synchronized (followLock) {
            String cancelled;
            synchronized (this) {
                if (end.isOver() || listener != null && listener.channel == directory.channel()) {
                    return;
                }
                cancelled = cancelReason;
            }
            if (receiver.finished() != null) {
                complete(directory);
                return;
            }
            if (!end.registerUnlessOver()) {
                return;
            }
            if (!isNew && directory.hasBegun()) {
                listen(directory, RunDirectory::follow);
            } else if (cancelled != null) {
                end.failed(cancelled);
            } else {
                supervisors.starting();
                synchronized (this) {
                    consoleBytes = 0;
                }
                submit(directory, (to, from) -> submission.begin(to, from, end::isOver));
            }
        }
    }

    private void submit(RunDirectory directory, Listening how) throws IOException, InterruptedException {
        try {
            listen(directory, how);
        } finally {
            end.submitted();
        }
    }

    /** Makes the agent send the journal. */
    @FunctionalInterface
    private interface Listening {
        void begin(RunDirectory directory, RunDirectory.Following from) throws IOException, InterruptedException;
    }

    private void listen(RunDirectory directory, Listening listening) throws IOException, InterruptedException {
        AgentListener created = new AgentListener(directory.channel());
        long consoleOffset;
        synchronized (this) {
            listener = created;
            consoleOffset = consoleBytes;
        }
        try {
            listening.begin(directory, new RunDirectory.Following(receiver.length(), consoleOffset, created));
        } catch (IOException | InterruptedException | RuntimeException e) {
            synchronized (this) {
                listener = null;
            }
            throw e;
        }
        String cancelled;
        boolean now;
        synchronized (this) {
            cancelled = cancelReason;
            now = cancelsNow;
        }
        if (cancelled != null) {
            directory.stop(cancelled, now);
        }
    }

    /**
     * Called when the journal is complete. First the kept outputs are archived, because nothing stays on the agent
     * afterwards.
     */
    private void complete(RunDirectory directory) throws InterruptedException {
        if (submission.keepsOutputs()) {
            try {
                submission.archive(directory);
            } catch (IOException | RuntimeException e) {
                if (!directory.isConnected()) {
                    synchronized (this) {
                        listener = null; // begun anew when the agent is back
                    }
                    return;
                }
                observer.warn("can't archive the kept outputs: " + FailureText.of(e));
            }
        }
        end.completed(receiver.finished());
    }

    /** A task after a message of the agent. */
    private interface AgentTask {
        void run(RunDirectory directory) throws InterruptedException;
    }

    /**
     * Does a task if the run is still followed through the same connection, and the task is still wanted. Waits for the
     * agent.
     */
    private void runTask(AgentListener from, BooleanSupplier wanted, AgentTask task) {
        synchronized (followLock) {
            synchronized (this) {
                if (end.isOver() || from != listener || !wanted.getAsBoolean()) {
                    return;
                }
            }
            RunDirectory directory = location.connect();
            if (directory == null || directory.channel() != from.channel) {
                return; // looked at again when the agent is back
            }
            try {
                task.run(directory);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Asks the supervisor to stop the run, now or when it can be reached. Does not wait.
     *
     * @param now whether that includes what is running
     */
    void stop(String why, boolean now) throws InterruptedException {
        synchronized (this) {
            if (cancelReason == null) {
                cancelReason = why;
            }
            cancelsNow |= now;
            if (listener == null) {
                return; // the next supervisor of the run sees the reason
            }
        }
        RunDirectory directory = location.connect();
        try {
            if (directory != null) {
                directory.stop(why, now);
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't cancel " + location); // asked again when the agent is back
        }
    }

    private void replaceSupervisor(RunDirectory directory, String log) throws InterruptedException {
        synchronized (this) {
            listener = null;
        }
        String tail = new OutputTail(log, false).lastLines(LOG_LINES_IN_MESSAGE);
        String reason = tail.isEmpty() ? "" : ": " + tail;
        boolean suspended = receiver.isSuspended();
        switch (supervisors.afterEnd()) {
            case ANOTHER -> {
                String how = suspended ? " was stopped" : " died";
                observer.warn("the supervisor on " + location.nodeText() + how + "; another one does the remaining branches");
                supervisors.starting();
                try {
                    submit(directory, submission::replace);
                } catch (IOException | RuntimeException e) {
                    if (directory.isConnected()) {
                        end.failed("the supervisor on " + location.nodeText() + " died, and another can't be started: "
                                + FailureText.of(e));
                    }
                }
            }
            case NEVER_BEGUN -> end.failed("the supervisor on " + location.nodeText() + " could not start" + reason);
            case NO_MORE -> end.restLost(
                    suspended ? "the supervisor was stopped too often" : "the supervisor died twice" + reason, null);
        }
    }

    /** Receives the calls of the agent, through one connection. */
    private final class AgentListener implements JournalTailer.Listener {

        private final VirtualChannel channel;

        AgentListener(VirtualChannel channel) {
            this.channel = channel;
        }

        @Override
        public void lines(long offset, byte[] lines) throws IOException {
            JournalEntry.Finished last = end.receive(offset, lines, location);
            if (last != null && submission.keepsOutputs()) {
                location.threads().execute(() -> runTask(this, () -> true, AgentLink.this::complete)); // takes its time, and the agent
            } else if (last != null) {
                end.completed(last);
            }
        }

        @Override
        public void consoleOutput(long offset, byte[] lines) {
            synchronized (AgentLink.this) {
                if (this != listener || end.isOver()) {
                    return;
                }
                consoleBytes = offset + lines.length;
            }
            observer.consoleOutput(new String(lines, StandardCharsets.UTF_8));
        }

        @Override
        public void supervisorGone(String log) {
            // The agent gets its answer first: it has only one thread that follows journals.
            location.threads().execute(() ->
                    runTask(this, () -> receiver.finished() == null, directory -> replaceSupervisor(directory, log)));
        }
    }
}
