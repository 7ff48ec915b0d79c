package io.jenkins.plugins.concurrency.embedded;

import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes that do the work of the plugin's steps and are kept for the next build. They are known only by the files
 * that name them, as administrators know them: one whose file is gone ends as soon as its steps have.
 */
final class KeptSupervisors {

    private static final long SECONDS = 10;

    private final Path folder;

    KeptSupervisors(File home) {
        this.folder = home.toPath().resolve("caches").resolve("concurrency-steps");
    }

    /** Nobody finds them from now on. */
    List<ProcessHandle> dismiss() throws IOException {
        List<ProcessHandle> dismissed = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return dismissed;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "supervisor-*")) {
            for (Path file : files) {
                if (file.toString().endsWith(".partial")) {
                    continue;
                }
                try {
                    List<String> lines = Files.readAllLines(file); // socket, what it is, process id
                    Files.deleteIfExists(file);
                    wake(Path.of(lines.get(0)));
                    ProcessHandle.of(Long.parseLong(lines.get(2))).ifPresent(dismissed::add);
                } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
                    // it has just ended, or the file names none
                }
            }
        }
        return dismissed;
    }

    /** So that it looks for its file now, and not in a second. */
    private static void wake(Path socket) {
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
        } catch (IOException | UnsupportedOperationException e) {
            // it has ended already
        }
    }

    /** Waits for their end, but not for the steps of builds that still run. */
    void stop() throws IOException, InterruptedException {
        for (ProcessHandle process : dismiss()) {
            try {
                process.onExit().get(SECONDS, TimeUnit.SECONDS);
                System.out.println("Process " + process.pid() + " has ended.");
            } catch (TimeoutException | ExecutionException e) {
                System.out.println("Process " + process.pid() + " ends when its steps have.");
            }
        }
    }
}
