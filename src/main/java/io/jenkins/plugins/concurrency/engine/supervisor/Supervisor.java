package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The process that does a run's work on an agent. It knows nothing but what its standard input tells: the run directory
 * and the run's environment. So it goes on when the agent's or the controller's process ends, and can be started again
 * where it died. Its own environment is neutral: what is secret is in its memory only, and only while the run lasts.
 *
 * <p>It ends when the run has ended, which the file {@link RunFiles#CANCEL} hastens, or on SIGTERM, which only suspends
 * the run; in each case after all processes of the run are gone and the journal has its last line. If it was given a
 * place to wait, it waits there for another run before it ends, and does that as if it had been started for it.
 */
public final class Supervisor {

    /** Observers have the lock for moments; who has it longer is another supervisor. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(3);

    /** Steps that follow each other do so at once, or after work of another kind that needs the memory. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private final SupervisorLog log;

    private Supervisor(SupervisorLog log) {
        this.log = log;
    }

    /** @param args if it is to wait for other runs: its socket, and for how many seconds */
    public static void main(@NonNull String[] args) {
        int status = 1;
        try {
            Supervisor supervisor = new Supervisor(SupervisorLog.install());
            boolean done = supervisor.doFirst();
            if (done && args.length > 0) {
                supervisor.doOthers(Path.of(args[0]), Duration.ofSeconds(Long.parseLong(args[1])));
            }
            status = 0;
        } catch (IOException e) {
            System.err.println(FailureText.of(e));
        } catch (Throwable e) {
            e.printStackTrace();
        }
        System.exit(status); // nothing that a library may have left running keeps the process alive
    }

    private boolean doFirst() throws Exception {
        RunRequest request;
        try (DataInputStream in = new DataInputStream(System.in)) {
            request = RunRequest.read(in);
        }
        RunFiles files = new RunFiles(request.directory());
        TaskEnvironment environment = new TaskEnvironment(request.environment());
        log.hide(mask(files, environment));
        if (!SupervisorLock.acquire(files, LOCK_PATIENCE)) {
            System.err.println("process " + ProcessHandle.current().pid() + " leaves the run to another supervisor");
            return false;
        }
        return doAlone(files, environment, () -> {});
    }

    /** Until for a while nobody has a run. A worker that waits ends with this process, for want of requests. */
    private void doOthers(Path place, Duration patience) throws Exception {
        boolean done = true;
        while (done) {
            log.leave();
            try (SupervisorSocket.Call call = await(place, patience)) {
                done = call != null && doHanded(call);
            }
        }
    }

    @SuppressFBWarnings(value = "DM_GC", justification = "what the last run has left in memory may be all that there is")
    private SupervisorSocket.Call await(Path place, Duration patience) throws IOException {
        try (SupervisorSocket socket = SupervisorSocket.open(place)) {
            SupervisorSocket.Call call = socket.await(AT_ONCE);
            if (call == null) {
                System.gc();
                call = socket.await(patience);
            }
            return call;
        }
    }

    private boolean doHanded(SupervisorSocket.Call call) throws Exception {
        RunFiles files = new RunFiles(call.run().directory());
        TaskEnvironment environment = new TaskEnvironment(call.run().environment());
        // Before anything of the run can go wrong, and become known.
        log.continueIn(files, mask(files, environment));
        // Who hands a run over starts a supervisor for it if this one does not take it.
        return SupervisorLock.acquire(files, LOCK_PATIENCE) && doAlone(files, environment, call::taken);
    }

    /** Somebody waits to hear that the run is in good hands. */
    @FunctionalInterface
    private interface Begun {
        void tell() throws IOException;
    }

    /** No two supervisors may ever write to one journal: this one has the lock. */
    private boolean doAlone(RunFiles files, TaskEnvironment environment, Begun begun) throws Exception {
        NetworkOptions.adopt(environment, System.getProperties());
        SupervisorLife.begun(files);
        begun.tell();
        boolean done = new SupervisedRun(files, environment).run();
        if (done) {
            SupervisorLife.ended(files);
            SupervisorLock.release(files);
        }
        return done;
    }

    private static SecretMask mask(RunFiles files, TaskEnvironment environment) throws IOException {
        List<String> secrets = new ArrayList<>(files.readSpec().secretVariables());
        secrets.add(NetworkOptions.VARIABLE);
        return SecretMask.of(secrets, environment::value);
    }
}
