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
 * The process that does runs on an agent. For each run it needs only a run directory and an environment. So it
 * continues when the agent's or the controller's process ends. If it dies, another supervisor does the branches that
 * are missing in the run's journal.
 *
 * <p><b>Start.</b> The agent's process starts it ({@link SupervisorLauncher}), detached, with a neutral environment. A
 * supervisor without a socket has one run, which it reads from standard input. A shared one may get its first run in
 * the same way; if it is started early, it has none yet. There is one for each agent, class path and Java
 * ({@link SharedSupervisors}). It listens at a socket and accepts any number of further runs. Each has its own journal,
 * lock, scheduler, mask and log ({@link SupervisedRun}). They share connections, timers and compiled code
 * ({@link SharedEngine}). Data of a run is in memory only while the run lasts. A supervisor that waits has no data of
 * any build.
 *
 * <p><b>Reuse.</b> It is found by a file in the agent's folder ({@link RegisteredSupervisor}) and a key that only the
 * controller remembers ({@link SocketKey}). So it can be used again after its connection, the agent's process or the
 * controller's has ended.
 *
 * <p><b>End.</b> A shared one accepts no more runs when it had none for its idle time, or when the file in the agent's
 * folder no longer names it: it was replaced, it was asked to end, or the folder is gone ({@link SupervisorLocation}).
 * It ends with its last run. After SIGTERM it suspends its runs for the next supervisor. If it is killed, each of its
 * runs continues in a process of its own. So a run that kills its supervisor can harm other runs only once.
 */
public final class Supervisor {

    /** The state of a shared one. It changes between the first two. The last one is final. */
    private enum State {
        /** Has runs, and accepts more. */
        WORKING,
        /** Has no run, and accepts some. */
        IDLE,
        /** Accepts no more runs. */
        EXPIRED
    }

    /** How often a shared one checks whether it is still the one that the file names. */
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

    /** @param args for a shared one, the result of {@link SupervisorLocation#toArguments}; otherwise none */
    public static void main(String[] args) {
        int status = 1;
        try {
            boolean shared = args.length > 0;
            Supervisor supervisor = new Supervisor(SupervisorLog.install(), new SharedEngine(shared));
            boolean done = shared ? supervisor.runShared(SupervisorLocation.of(args)) : supervisor.runSingle();
            status = done ? 0 : 1;
        } catch (IOException e) {
            System.err.println(FailureText.of(e));
        } catch (Throwable e) {
            e.printStackTrace();
        }
        System.exit(status); // nothing that a library may have left running keeps the process alive
    }

    private boolean runSingle() throws IOException {
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

    private boolean runShared(SupervisorLocation place) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(place), "concurrency place"));
        SocketKey key = takeFirst();
        try (SupervisorSocket socket = SupervisorSocket.open(place.socket(), key)) {
            listen(socket, place);
        } catch (IOException | RuntimeException | LinkageError e) {
            System.err.println("the supervisor takes no more runs: " + e); // those that it has continue
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

    /** Reads the first request, if there is one. Nothing of it stays in memory here. */
    private SocketKey takeFirst() throws IOException {
        try (DataInputStream in = new DataInputStream(System.in)) {
            SocketKey key = SocketKey.read(in);
            if (in.readBoolean()) {
                RunRequest request = RunRequest.read(in);
                begins();
                threads.execute(() -> take(request, () -> {}));
            }
            log.closeStartFile();
            return key;
        }
    }

    private void listen(SupervisorSocket socket, SupervisorLocation place) throws IOException, InterruptedException {
        boolean tidy = false;
        do { // its starter will soon write down where it is
            SupervisorSocket.Client client = socket.await(LOOK);
            if (client != null) {
                serveLater(client);
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

    private void serveLater(SupervisorSocket.Client client) throws IOException {
        try {
            threads.execute(() -> serve(client));
        } catch (OutOfMemoryError e) {
            client.close(); // there can't be another thread now, but existing runs continue
        }
    }

    /** A client that gets no answer starts another supervisor for its run. */
    private void serve(SupervisorSocket.Client client) {
        try (client) {
            RunRequest request = client.request();
            if (begins() && take(request, client::confirm) != SupervisedRun.End.DONE) {
                client.confirm(); // it is in other hands, or its log says what is wrong with it
            }
        } catch (IOException | RuntimeException e) {
            // no agent of ours, or it has not waited
        }
    }

    /** Counts one more run, unless this supervisor accepts no more. */
    private synchronized boolean begins() {
        if (state == State.EXPIRED) {
            return false;
        }
        state = State.WORKING;
        runs++;
        return true;
    }

    private SupervisedRun.End take(RunRequest request, SupervisedRun.StartConfirmation confirmation) {
        try {
            return new SupervisedRun(request, engine, log).run(confirmation);
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
