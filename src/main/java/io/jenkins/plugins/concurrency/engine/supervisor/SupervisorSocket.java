package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Where a supervisor that has nothing to do is handed a run. A socket of the file system in a folder that only its owner
 * may enter, since the environment of a run goes through it. The file is there while the supervisor waits.
 */
final class SupervisorSocket implements Closeable {

    /** The least that any system allows for the path of a socket, and some place left. */
    static final int MAX_PATH = 90;

    private static final int TAKEN = 1;
    private static final long TALK_SECONDS = 5;

    private final Path path;
    private final ServerSocketChannel server;
    private final Selector selector;

    private SupervisorSocket(Path path, ServerSocketChannel server, Selector selector) {
        this.path = path;
        this.server = server;
        this.selector = selector;
    }

    /** @throws IOException if there can't be such a socket */
    @NonNull
    static SupervisorSocket open(@NonNull Path path) throws IOException {
        path.toFile().deleteOnExit(); // the way that most supervisors end which wait
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Who sees the file may call, and for a moment after it has been made nobody would answer.
            Path early = path.resolveSibling(path.getFileName() + "-");
            server.bind(UnixDomainSocketAddress.of(early), 1);
            server.configureBlocking(false);
            Selector selector = Selector.open();
            server.register(selector, SelectionKey.OP_ACCEPT);
            Files.move(early, path, StandardCopyOption.ATOMIC_MOVE);
            return new SupervisorSocket(path, server, selector);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Waits for a run.
     *
     * @return {@code null} if nobody has one for so long
     * @throws IOException if somebody calls who has none
     */
    @CheckForNull
    Call await(@NonNull Duration patience) throws IOException {
        if (selector.select(patience.toMillis()) == 0) {
            return null;
        }
        SocketChannel caller = server.accept();
        closeAfterTalk(caller);
        try {
            return new Call(RunRequest.read(new DataInputStream(Channels.newInputStream(caller))), caller);
        } catch (IOException e) {
            caller.close();
            throw e;
        }
    }

    /** Nobody else is called to this socket from now on. */
    @Override
    public void close() throws IOException {
        try (server;
                selector) {
            Files.deleteIfExists(path);
        }
    }

    /**
     * Who has a run, and waits to hear whether it is taken.
     *
     * @param run what is to be done
     */
    record Call(@NonNull RunRequest run, @NonNull SocketChannel caller) implements Closeable {

        /** The run is this process' own from now on. */
        void taken() throws IOException {
            Channels.newOutputStream(caller).write(TAKEN);
        }

        @Override
        public void close() throws IOException {
            caller.close();
        }
    }

    /**
     * Hands a run to the supervisor that waits at a socket.
     *
     * @return whether it has taken it
     */
    static boolean handOver(@NonNull Path path, @NonNull RunRequest run) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            closeAfterTalk(channel);
            Channels.newOutputStream(channel).write(run.bytes());
            return Channels.newInputStream(channel).read() == TAKEN;
        } catch (IOException e) {
            return false; // it has just ended, or it is not what it was
        }
    }

    /** These sockets have no time limits of their own. */
    private static void closeAfterTalk(SocketChannel channel) {
        Executor later = CompletableFuture.delayedExecutor(TALK_SECONDS, TimeUnit.SECONDS);
        later.execute(() -> {
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
