package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.local.SpareWorker;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The process that does a run's work on an agent. It knows nothing but its run directory, so it goes on when the
 * agent's or the controller's process ends, and can be started again where it died.
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
    private final SpareWorker spare = new SpareWorker();

    private Supervisor(SupervisorLog log) {
        this.log = log;
    }

    /** @param args the run directory; then, if it is to wait for others, its socket and for how many seconds */
    public static void main(@NonNull String[] args) {
        int status = 1;
        try {
            Supervisor supervisor = new Supervisor(SupervisorLog.install());
            TrustStore.adopt(System.getenv(), System.getProperties());
            boolean done = supervisor.doFirst(new RunFiles(Path.of(args[0])));
            makeClassArchive();
            if (done && args.length > 1) {
                supervisor.doOthers(Path.of(args[1]), Duration.ofSeconds(Long.parseLong(args[2])));
            }
            status = 0;
        } catch (IOException e) {
            System.err.println(FailureText.of(e));
        } catch (Throwable e) {
            e.printStackTrace();
        }
        System.exit(status); // nothing that a library may have left running keeps the process alive
    }

    private boolean doFirst(RunFiles files) throws Exception {
        log.hide(mask(files, TaskEnvironment.SAME));
        if (!SupervisorLock.acquire(files, LOCK_PATIENCE)) {
            System.err.println("process " + ProcessHandle.current().pid() + " leaves the run to another supervisor");
            return false;
        }
        return doAlone(files, TaskEnvironment.SAME, () -> {});
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
            spare.prepare();
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
        TaskEnvironment environment = TaskEnvironment.of(call.run().environment());
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
        SupervisorLife.begun(files);
        begun.tell();
        boolean done = new SupervisedRun(files, environment, spare).run();
        if (done) {
            SupervisorLife.ended(files);
            SupervisorLock.release(files);
        }
        return done;
    }

    /** For those that come after; only they get to feel whether there is one. */
    private static void makeClassArchive() {
        try {
            ClassArchive archive =
                    ClassArchive.of(System.getProperty("java.class.path")).orElse(null);
            if (archive != null) {
                archive.makeWhenWorthIt(ClassArchiveMain.class);
            }
        } catch (IOException e) {
            System.err.println("can't make an archive of classes: " + e.getMessage());
        }
    }

    private static SecretMask mask(RunFiles files, TaskEnvironment environment) throws IOException {
        List<String> secrets = new ArrayList<>(files.readSpec().secretVariables());
        secrets.add(TrustStore.VARIABLE);
        return SecretMask.of(secrets, environment::value);
    }
}
