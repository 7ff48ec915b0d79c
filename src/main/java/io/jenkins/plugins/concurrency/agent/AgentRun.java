package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.run.BranchFile;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.Durations;
import io.jenkins.plugins.concurrency.engine.supervisor.JournalListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * A run on an agent, seen from the controller: hands it to a supervisor, follows its journal, starts the supervisor
 * once more if it dies, and tells an observer how each branch and the whole ended. Safe for use by many threads; all
 * methods that talk to the agent block while they do, so they are not for the CPS thread.
 */
public final class AgentRun implements FollowedRun {

    private static final Logger LOGGER = Logger.getLogger(AgentRun.class.getName());

    private static final int MAX_SUPERVISORS = 2;
    private static final int LOG_LINES_IN_MESSAGE = 5;

    private final RunLocation location;
    private final RunFiles build;
    private final Observer observer;
    private final JournalReceiver receiver;
    private final Object takingUp = new Object();

    // Guarded by this.
    private boolean over;

    /** Supervisors started by this controller process. */
    private int launches;

    /** Why the run was cancelled, if it was; told again to an agent that comes back. */
    private String cancelReason;

    /** When the agent was first seen without a connection; 0 while it has one. */
    private long offlineSinceMillis;

    /**
     * @param location where the run works
     * @param build the run's files in the build directory: spec and branches are there, the journal is copied there
     * @param total how many branches the run has; negative if only the agent knows
     * @throws IOException if the build directory can't be read
     */
    public AgentRun(@NonNull RunLocation location, @NonNull RunFiles build, int total, @NonNull Observer observer)
            throws IOException {
        this.location = location;
        this.build = build;
        this.observer = observer;
        this.receiver = new JournalReceiver(build.journal(), total, observer::branchEnded);
    }

    /** The name of the node that the run works on. */
    @NonNull
    public String node() {
        return location.node();
    }

    @Override
    public void start() throws IOException, InterruptedException {
        ActiveRuns.add(this);
        try {
            takeUp(connected());
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (location.resolve() == null) {
                // The supervisor may be there already, so this is no failure yet.
                observer.warn(location.nodeText() + " lost its connection; going on when it is back");
                return;
            }
            ActiveRuns.remove(this);
            throw e;
        }
    }

    @Override
    public void resume() throws IOException, InterruptedException {
        ActiveRuns.add(this);
        FilePath directory = location.resolve();
        if (directory != null) {
            takeUp(directory);
        }
    }

    /** Goes on after the agent has come back. */
    void reconnected() {
        try {
            resume();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't follow " + location);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void cancel(String why) throws IOException, InterruptedException {
        synchronized (this) {
            cancelReason = why;
        }
        connected().child(RunFiles.CANCEL).write(why, "UTF-8");
    }

    /** One thread at a time: a resumed step and an agent that comes back do so at the same moment. */
    private void takeUp(FilePath directory) throws IOException, InterruptedException {
        synchronized (takingUp) {
            takeUpAlone(directory);
        }
    }

    private void takeUpAlone(FilePath directory) throws IOException, InterruptedException {
        JournalEntry.Finished last = receiver.finished();
        if (last != null) {
            end(last);
            return;
        }
        String cancelled;
        synchronized (this) {
            if (over) {
                ActiveRuns.remove(this);
                return;
            }
            cancelled = cancelReason;
        }
        boolean begun = directory.child(RunFiles.PID).exists();
        if (!begun && cancelled != null) {
            endWith(cancelled);
            return;
        }
        if (!begun) {
            copyFilesTo(directory);
            startSupervisor(directory);
        }
        follow(directory);
        if (cancelled != null) {
            cancel(cancelled);
        }
    }

    private void copyFilesTo(FilePath directory) throws IOException, InterruptedException {
        directory.act(new PrepareRunDirectory());
        copy(build.spec(), directory.child(RunFiles.SPEC));
        if (Files.exists(build.branches())) {
            copy(build.branches(), directory.child(RunFiles.BRANCHES));
        }
        if (Files.exists(build.journal())) {
            // The agent's disk is new, but what was done is done.
            copy(build.journal(), directory.child(RunFiles.JOURNAL));
        }
    }

    private static void copy(Path from, FilePath to) throws IOException, InterruptedException {
        try (InputStream in = Files.newInputStream(from)) {
            to.copyFrom(in);
        }
    }

    private void startSupervisor(FilePath directory) throws IOException, InterruptedException {
        FilePath cache = nodeRoot().child("caches").child("concurrency-steps");
        StartSupervisor start =
                new StartSupervisor(AgentClassPath.install(cache, LocalJars.get()), observer.environment());
        synchronized (this) {
            launches++;
        }
        directory.act(start);
    }

    /** How many supervisors have had the run; one that dies before its first line counts too. */
    private synchronized int supervisors() {
        return Math.max(launches, receiver.starts());
    }

    private FilePath nodeRoot() throws IOException {
        Computer computer = Jenkins.get().getComputer(location.node());
        Node node = computer == null ? null : computer.getNode();
        FilePath root = node == null ? null : node.getRootPath();
        if (root == null) {
            throw new IOException(location.nodeText() + " is not connected");
        }
        return root;
    }

    private FilePath connected() throws IOException {
        FilePath directory = location.resolve();
        if (directory == null) {
            throw new IOException(location.nodeText() + " is not connected");
        }
        return directory;
    }

    private void follow(FilePath directory) throws IOException, InterruptedException {
        JournalListener listener = directory.getChannel().export(JournalListener.class, new Listener());
        directory.act(new FollowJournal(receiver.length(), listener));
    }

    private void supervisorGone(String log) {
        if (location.resolve() == null) {
            return; // looked at again when the agent is back
        }
        try {
            JournalEntry.Finished last = receiver.finished();
            if (last != null) {
                end(last);
            } else if (receiver.starts() > 0 && supervisors() < MAX_SUPERVISORS) {
                observer.warn("the supervisor on " + location.nodeText() + " died; starting another for the rest");
                FilePath directory = connected();
                startSupervisor(directory);
                follow(directory);
            } else {
                giveUp(log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            endWith(String.valueOf(e.getMessage()));
        }
    }

    /** Two supervisors died, or the first one did not even start. */
    private void giveUp(String log) throws IOException {
        String tail = new OutputTail(log, false).lastLines(LOG_LINES_IN_MESSAGE);
        String reason = tail.isEmpty() ? "" : ": " + tail;
        if (receiver.starts() == 0) {
            endWith("the supervisor on " + location.nodeText() + " could not start" + reason);
        } else {
            loseRest("the supervisor died twice" + reason, null);
        }
    }

    /**
     * Looks whether the agent is still to be waited for, and ends the run if it is not.
     *
     * @param patienceMillis how long it may be offline
     */
    void checkAgent(long patienceMillis) {
        Computer computer = Jenkins.get().getComputer(location.node());
        String gone = null;
        synchronized (this) {
            if (computer != null && computer.getChannel() != null) {
                offlineSinceMillis = 0;
            } else if (offlineSinceMillis == 0) {
                offlineSinceMillis = System.currentTimeMillis();
            } else if (computer == null) {
                gone = "was removed";
            } else if (System.currentTimeMillis() - offlineSinceMillis > patienceMillis) {
                gone = "was offline for more than " + Durations.text(Duration.ofMillis(patienceMillis));
            }
        }
        if (gone != null) {
            String message = location.nodeText() + " " + gone;
            try {
                loseRest(message, message);
            } catch (IOException e) {
                endWith(message + "; " + e.getMessage());
            }
        }
    }

    /**
     * Nobody will work on the rest: what the journal lacks is lost.
     *
     * @param why for the branches
     * @param failure for the run, if it is to fail as a whole
     */
    private void loseRest(String why, String failure) throws IOException {
        if (!Files.exists(build.branches())) {
            endWith(why); // only the agent knew the branches
            return;
        }
        int total = 0;
        try (JournalWriter journal = new JournalWriter(build.journal());
                BranchSource<Named> branches = BranchFile.read(
                        build.branches(), (index, json) -> new Named(index, json.string("name")), index -> false)) {
            for (Named branch; (branch = branches.next()) != null; total++) {
                if (!receiver.hasEnded(branch.index())) {
                    Outcome lost = Outcome.lost(branch.index(), branch.name(), why);
                    journal.append(new JournalEntry.Ended(lost));
                    observer.branchEnded(lost);
                }
            }
            JournalEntry.Finished last = new JournalEntry.Finished(total, failure);
            journal.append(last);
            end(last);
        }
    }

    /** Ends the run here, whatever the supervisor does: it is told to stop, in case it lives. */
    private void endWith(String failure) {
        if (markOver()) {
            observer.finished(new JournalEntry.Finished(0, failure));
            cleanUp(directory -> directory.child(RunFiles.CANCEL).write(failure, "UTF-8"));
        }
    }

    private void end(JournalEntry.Finished last) {
        if (markOver()) {
            observer.finished(last);
            cleanUp(FilePath::deleteRecursive);
        }
    }

    private boolean markOver() {
        ActiveRuns.remove(this);
        synchronized (this) {
            boolean first = !over;
            over = true;
            return first;
        }
    }

    /** Something to be done with the run directory. */
    @FunctionalInterface
    private interface DirectoryWork {
        void accept(FilePath directory) throws IOException, InterruptedException;
    }

    private void cleanUp(DirectoryWork work) {
        try {
            work.accept(connected());
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't clean up " + location);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Named(int index, String name) implements Branch {}

    /** What the agent calls. */
    private final class Listener implements JournalListener {

        @Override
        public void lines(long offset, byte[] lines) throws IOException {
            try {
                receiver.receive(offset, lines);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "refusing the journal of " + location);
                endWith("the journal from " + location.nodeText() + " is damaged: " + e.getMessage());
                throw e;
            }
        }

        @Override
        public void supervisorGone(String log) {
            // Answering the agent first keeps its only tailing thread free.
            Computer.threadPoolForRemoting.execute(() -> AgentRun.this.supervisorGone(log));
        }
    }
}
