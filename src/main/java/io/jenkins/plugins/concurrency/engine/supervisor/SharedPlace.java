package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where a shared supervisor is found, and how long it is wanted.
 *
 * @param socket in a folder of its own that only this user may enter
 * @param idle how long it waits for a run
 * @param home the agent's folder that it belongs to
 * @param agent the agent's process, which alone knows where it is found; {@code null} if it has ended
 */
record SharedPlace(@NonNull Path socket, @NonNull Duration idle, @NonNull Path home, ProcessHandle agent) {

    @NonNull
    List<String> toArguments() {
        return List.of(
                socket.toString(),
                Long.toString(idle.toSeconds()),
                home.toString(),
                Long.toString(agent.pid()));
    }

    @NonNull
    static SharedPlace of(@NonNull String[] arguments) {
        // It has started this process a moment ago. Its start is not compared: the two may know the clock differently.
        ProcessHandle agent = ProcessHandle.of(Long.parseLong(arguments[3])).orElse(null);
        Duration idle = Duration.ofSeconds(Long.parseLong(arguments[1]));
        return new SharedPlace(Path.of(arguments[0]), idle, Path.of(arguments[2]), agent);
    }

    /** Whether anybody can have a run for the supervisor. */
    boolean isReachable() {
        return Files.exists(socket)
                && Files.isDirectory(home)
                && agent != null
                && ProcessKiller.isRunning(agent);
    }

    /** Nobody finds the supervisor here from now on; one that is told so expires. */
    void remove() throws IOException {
        Files.deleteIfExists(socket);
        Files.deleteIfExists(SupervisorSocket.early(socket));
        Files.deleteIfExists(socket.getParent());
    }
}
