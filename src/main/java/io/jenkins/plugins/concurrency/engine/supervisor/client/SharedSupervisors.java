package io.jenkins.plugins.concurrency.engine.supervisor.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.process.DetachedProcess;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.PollDelay;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RegisteredSupervisor;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RunRequest;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SupervisorLocation;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SupervisorSocket;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds, starts and replaces the shared supervisor of an agent's folder, and submits runs to it. Used in the agent's
 * process. A file of that folder and the key have all that is known about it. So it does not matter which process, or
 * which copy of this class, has started it. Thread-safe.
 */
public final class SharedSupervisors {

    private static final Logger LOGGER = Logger.getLogger(SharedSupervisors.class.getName());

    /** How long a supervisor may take from its start to its socket. */
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long LOOK_MILLIS = 2;

    /** The first may have just ended, and another process may have started the second. */
    private static final int MAX_TRIES = 2;

    private final SupervisorSettings.Shared shared;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path registration;
    private final String identity;

    /**
     * @param command the supervisor's command line without its location
     * @param environment of its process
     */
    SharedSupervisors(
            SupervisorSettings.Shared shared,
            List<String> command,
            Map<String, String> environment)
            throws IOException {
        this.shared = shared;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.registration = shared.home().resolve("supervisor-" + shared.key().id());
        this.identity = Sha256.of(this.command + "\n" + shared.idle() + "\n" + new TreeMap<>(environment));
    }

    /**
     * Gives a run to a shared supervisor: submits it to the existing one, or starts one with it.
     *
     * @param log receives what a new supervisor prints before it has the run
     * @param announcement file that names the process of a new supervisor
     * @return whether the run has a supervisor; otherwise there can't be a shared one
     * @throws IOException if it can't be started, in one line
     */
    boolean give(RunRequest request, Path log, Path announcement) throws IOException {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            RegisteredSupervisor current;
            synchronized (SharedSupervisors.class) {
                current = current();
                if (current == null) {
                    return start(request, log, announcement);
                }
            }
            if (submit(current, request)) {
                return true;
            }
            forget(current);
        }
        return false;
    }

    /** Starts a supervisor for later runs, unless there is one. */
    void prepare() throws IOException {
        Path nowhere = Path.of("/dev/null");
        synchronized (SharedSupervisors.class) {
            RegisteredSupervisor current = current();
            if (current == null || !current.mayStillStart()) { // one that was killed has left its socket
                if (current != null) {
                    forget(current);
                }
                start(null, nowhere, nowhere);
            }
        }
    }

    /** The present supervisor, if it has the right options. Any other one is replaced now, and accepts no more runs. */
    @CheckForNull
    private RegisteredSupervisor current() throws IOException {
        RegisteredSupervisor current = RegisteredSupervisor.read(registration).orElse(null);
        if (current == null || current.identity().equals(identity) && (Files.exists(current.socket()) || current.mayStillStart())) {
            return current;
        }
        forget(current);
        return null;
    }

    private void forget(RegisteredSupervisor gone) {
        synchronized (SharedSupervisors.class) {
            remove(new SupervisorLocation(gone.socket(), registration, shared.idle()));
        }
    }

    private static void remove(SupervisorLocation place) {
        try {
            place.remove();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't tidy up " + place.socket()); // which does no harm
        }
    }

    /** Submits a run. Waits until there is a socket, and then until the supervisor has the run. */
    private boolean submit(RegisteredSupervisor current, RunRequest request) throws IOException {
        long deadline = System.nanoTime() + START_NANOS;
        while (!Files.exists(current.socket())) {
            if (!current.mayStillStart() || System.nanoTime() - deadline >= 0) {
                return false;
            }
            PollDelay.sleep(LOOK_MILLIS);
        }
        return SupervisorSocket.submit(current.socket(), shared.key(), request);
    }

    private boolean start(@CheckForNull RunRequest request, Path log, Path announcement) throws IOException {
        Path folder = createFolder();
        if (folder == null) {
            return false;
        }
        SupervisorLocation place = new SupervisorLocation(folder.resolve(SupervisorSocket.NAME), registration, shared.idle());
        List<String> all = new ArrayList<>(command);
        all.addAll(place.toArguments());
        long pid;
        try {
            pid = DetachedProcess.local()
                    .start(new DetachedProcess.Launch(all, shared.home(), environment, input(request), log, announcement));
        } catch (IOException e) {
            remove(place);
            throw e;
        }
        try {
            new RegisteredSupervisor(place.socket(), identity, pid).write(registration);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't register the supervisor; it ends after its run");
        }
        return true;
    }

    private byte[] input(@CheckForNull RunRequest request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(shared.key().bytes());
        out.writeBoolean(request != null);
        if (request != null) {
            out.write(request.bytes());
        }
        return bytes.toByteArray();
    }

    /** {@code null} if there can't be a socket. */
    @CheckForNull
    private static Path createFolder() throws IOException {
        if (MachineShell.local() != MachineShell.POSIX) {
            return null;
        }
        Path folder;
        try {
            folder = Files.createTempDirectory(
                    SupervisorSocket.FOLDER, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
        if (folder.resolve(SupervisorSocket.NAME).toString().length() > SupervisorSocket.MAX_PATH) {
            Files.delete(folder);
            return null;
        }
        return folder;
    }
}
