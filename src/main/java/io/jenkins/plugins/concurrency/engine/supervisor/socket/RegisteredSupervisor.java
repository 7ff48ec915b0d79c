package io.jenkins.plugins.concurrency.engine.supervisor.socket;

import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The shared supervisor that a file in an agent's folder names. Whoever has its key can use it again, also after a
 * restart of the agent's process or the controller. Others can write such a file too, so nothing that it names is used
 * without the key.
 *
 * @param socket where it listens, or will listen soon, in a folder of its own
 * @param identity identifies all options that it was started with; if others are needed, it is replaced
 * @param pid its process
 */
public record RegisteredSupervisor(Path socket, String identity, long pid) {

    /** In bytes. More than any of these files has. */
    private static final int MAX_BYTES = 4096;

    /** Empty if there is no such file, or it names none. */
    public static Optional<RegisteredSupervisor> read(Path file) throws IOException {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            String[] lines = Files.readString(file).split("\n");
            Path socket = Path.of(lines[0]);
            return socket.isAbsolute()
                            && socket.endsWith(SupervisorSocket.NAME)
                            && socket.getNameCount() > 1
                            && socket.getName(socket.getNameCount() - 2).toString().startsWith(SupervisorSocket.FOLDER)
                    ? Optional.of(new RegisteredSupervisor(socket, lines[1], Long.parseLong(lines[2])))
                    : Optional.empty();
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException | CharacterCodingException e) {
            return Optional.empty();
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty(); // it has just ended, or the file is not a supervisor's
        }
    }

    public void write(Path file) throws IOException {
        AtomicFile.write(file, String.join("\n", socket.toString(), identity, Long.toString(pid), ""));
    }

    /** Whether it may still be starting. */
    public boolean mayStillStart() {
        return Files.exists(socket.getParent())
                && ProcessHandle.of(pid).filter(ProcessSearch::isRunning).isPresent();
    }
}
