package io.jenkins.plugins.concurrency.engine.supervisor.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where a shared supervisor is found, and how long it waits for runs.
 *
 * @param socket in a folder of its own that only this user may enter
 * @param registration the file in the agent's folder that names it, see {@link RegisteredSupervisor}
 * @param idle how long it waits for a run
 */
public record SupervisorLocation(Path socket, Path registration, Duration idle) {

    public List<String> toArguments() {
        return List.of(socket.toString(), registration.toString(), Long.toString(idle.toSeconds()));
    }

    public static SupervisorLocation of(String[] arguments) {
        Duration idle = Duration.ofSeconds(Long.parseLong(arguments[2]));
        return new SupervisorLocation(Path.of(arguments[0]), Path.of(arguments[1]), idle);
    }

    /**
     * Whether runs can reach the supervisor here. They can't if the file names another one, or the agent's folder is
     * gone.
     */
    public boolean isReachable() {
        try {
            return Files.exists(socket)
                    && RegisteredSupervisor.read(registration).filter(this::isNamedBy).isPresent();
        } catch (IOException e) {
            return true; // no descriptors left, for one, for a time
        }
    }

    private boolean isNamedBy(RegisteredSupervisor registered) {
        return registered.socket().equals(socket);
    }

    /** From now on nobody finds the supervisor here. When the supervisor sees this, it expires. */
    public void remove() throws IOException {
        if (RegisteredSupervisor.read(registration).filter(this::isNamedBy).isPresent()) {
            Files.deleteIfExists(registration);
        }
        Files.deleteIfExists(socket);
        Files.deleteIfExists(SupervisorSocket.early(socket));
        Files.deleteIfExists(socket.getParent());
    }
}
