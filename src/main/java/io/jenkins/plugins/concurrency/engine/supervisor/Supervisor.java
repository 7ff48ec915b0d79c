package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SharedSupervisors;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RegisteredSupervisor;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RunRequest;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SocketKey;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SupervisorLocation;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SupervisorSocket;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The process that does the work of runs on an agent. It knows nothing but what it is told of each: a run directory and an
 * environment. So it goes on when the agent's or the controller's process ends, and where it died another one does what
 * the run's journal lacks.
 *
 * <p><b>Started</b> by the agent's process ({@link SupervisorLauncher}), detached from it, with a neutral environment. A
 * supervisor without a place to listen has one run, which comes by the standard input. A shared one, of which there is one
 * for each agent, class path and Java ({@link SharedSupervisors}), may have its first run in the same way, or none where it
 * comes up early. It listens at a socket and <b>takes more runs</b>, as many as there are, each with a journal, lock,
 * scheduler, mask and log of its own ({@link SupervisedRun}). They share connections, timers and compiled code
 * ({@link SharedEngine}). What a run brought is in memory while it lasts; a process that waits has nothing of any build.
 *
 * <p>It is <b>found again</b> by a file in the agent's folder ({@link RegisteredSupervisor}) and a key that only the
 * controller remembers ({@link SocketKey}), so it outlives connections, the agent's process and the controller's.
 *
 * <p>A shared one <b>expires</b> when it has had no run for its idle time, or when the file in the agent's folder does not
 * name it any more: it has a successor, somebody wants it to end, or the folder is gone ({@link SupervisorLocation}). From then
 * on it takes no runs, and <b>ends</b> when those that it has are over. SIGTERM suspends them for the next supervisor.
 * <b>Killed</b>, it leaves runs that each go on in a process of their own: one that kills its supervisor takes others with
 * it once, and not again.
 */
public final class Supervisor {

    /** Of a shared one. It goes to and fro between the first two, and never back from the last. */
    private enum State {
        /** Has runs, and takes more. */
        WORKING,
        /** Has none, and takes some. */
        IDLE,
        /** Takes none any more. */
        EXPIRED
    }

    /** How often a shared one looks whether it is still wanted. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final SupervisorLog log;
    private final SharedEngine engine;

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "supervised run");
        thread.setDaemon(true);
        return thread;
    });

    // Guarded by this.
    private State state = State.IDLE;
    private int runs;
    private long idleSinceNanos = System.nanoTime();

    private Supervisor(SupervisorLog log, SharedEngine engine) {
        this.log = log;
        this.engine = engine;
    }

    /** @param args of a shared one, what {@link SupervisorLocation#toArguments} made of its place; none of another */
    public static void main(String[] args) {
        int status = 1;
        try {
            boolean shared = args.length > 0;
            Supervisor supervisor = new Supervisor(SupervisorLog.install(), new SharedEngine(shared));
            boolean done = shared ? supervisor.share(SupervisorLocation.of(args)) : supervisor.doOne();
            status = done ? 0 : 1;
        } catch (IOException e) {
            System.err.println(FailureText.of(e));
        } catch (Throwable e) {
            e.printStackTrace();
        }
        System.exit(status); // nothing that a library may have left running keeps the process alive
    }

    private boolean doOne() throws IOException {
        RunRequest request;
        try (DataInputStream in = new DataInputStream(System.in)) {
            request = RunRequest.read(in);
        }
        SupervisedRun.End end = new SupervisedRun(request, engine, log).run(() -> {});
        if (end == SupervisedRun.End.LEFT) {
            System.err.println("process " + ProcessHandle.current().pid() + " leaves the run to another supervisor");
        }
        return end != SupervisedRun.End.FAILED;
    }

    private boolean share(SupervisorLocation place) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(place), "concurrency place"));
        SocketKey key = takeFirst();
        try (SupervisorSocket socket = SupervisorSocket.open(place.socket(), key)) {
            listen(socket, place);
        } catch (IOException | RuntimeException | LinkageError e) {
            System.err.println("takes no other runs: " + e); // those that it has go on
        } finally {
            leave(place);
        }
        awaitRuns();
        return true;
    }

    private static void leave(SupervisorLocation place) {
        try {
            place.remove();
        } catch (IOException | LinkageError e) {
            System.err.println("can't leave " + place.socket() + ": " + e); // the agent's process tries too
        }
    }

    /** Of the request, if there is one, nothing is left here. */
    private SocketKey takeFirst() throws IOException {
        try (DataInputStream in = new DataInputStream(System.in)) {
            SocketKey key = SocketKey.read(in);
            if (in.readBoolean()) {
                RunRequest request = RunRequest.read(in);
                begins();
                threads.execute(() -> take(request, () -> {}));
            }
            log.leaveStarted();
            return key;
        }
    }

    private void listen(SupervisorSocket socket, SupervisorLocation place) throws IOException, InterruptedException {
        boolean tidy = false;
        do { // whoever has started it writes down in a moment where it is
            SupervisorSocket.Caller caller = socket.await(LOOK);
            if (caller != null) {
                answerSoon(caller);
                tidy = false;
            } else if (!tidy && isIdleFor(LOOK)) {
                collectGarbage();
                tidy = true;
            }
        } while (!isExpired(place));
    }

    @SuppressFBWarnings(value = "DM_GC", justification = "what the last runs have left in memory may be all that there is")
    private static void collectGarbage() {
        System.gc();
    }

    private void answerSoon(SupervisorSocket.Caller caller) throws IOException {
        try {
            threads.execute(() -> answer(caller));
        } catch (OutOfMemoryError e) {
            caller.close(); // there can't be another thread now, but the runs that there are go on
        }
    }

    /** Who hears nothing has another supervisor started for his run. */
    private void answer(SupervisorSocket.Caller caller) {
        try (caller) {
            RunRequest request = caller.request();
            if (begins() && take(request, caller::answer) != SupervisedRun.End.DONE) {
                caller.answer(); // it is in other hands, or its log says what is wrong with it
            }
        } catch (IOException | RuntimeException e) {
            // no agent of ours, or it has not waited
        }
    }

    /** One more run, unless it is too late. */
    private synchronized boolean begins() {
        if (state == State.EXPIRED) {
            return false;
        }
        state = State.WORKING;
        runs++;
        return true;
    }

    private SupervisedRun.End take(RunRequest request, SupervisedRun.Begun begun) {
        try {
            return new SupervisedRun(request, engine, log).run(begun);
        } finally {
            ended();
        }
    }

    private synchronized void ended() {
        runs--;
        if (runs == 0) {
            idleSinceNanos = System.nanoTime();
            state = state == State.WORKING ? State.IDLE : state;
            notifyAll();
        }
    }

    private synchronized boolean isIdleFor(Duration time) {
        return state == State.IDLE && System.nanoTime() - idleSinceNanos >= time.toNanos();
    }

    private synchronized boolean isExpired(SupervisorLocation place) {
        if (isIdleFor(place.idle()) || !place.isReachable()) {
            state = State.EXPIRED;
        }
        return state == State.EXPIRED;
    }

    private synchronized void awaitRuns() throws InterruptedException {
        state = State.EXPIRED;
        while (runs > 0) {
            wait();
        }
    }
}
