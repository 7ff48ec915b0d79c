package io.jenkins.plugins.concurrency.engine.supervisor.socket;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
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
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * The socket through which a shared supervisor gets runs. It is a file in a folder that only its owner may enter. Both
 * ends ask the system whether the other end is the same user, and check with the {@link SocketKey} that it is the right
 * process. The file exists while the supervisor accepts runs.
 */
public final class SupervisorSocket implements Closeable {

    /** How the names of folders with a socket begin. */
    public static final String FOLDER = "concurrency-";

    public static final String NAME = "s";

    /** In characters. Some less than the lowest limit of any system for the path of a socket. */
    public static final int MAX_PATH = 90;

    private static final int BACKLOG = 100;
    private static final byte[] CONFIRMED = {1};

    /** A session takes milliseconds, unless the machine has far too much to do. */
    private static final long SESSION_SECONDS = 10;

    private static UserPrincipal ownUser;

    private final Path path;
    private final SocketKey key;
    private final ServerSocketChannel server;
    private final Selector selector;

    private SupervisorSocket(Path path, SocketKey key, ServerSocketChannel server, Selector selector) {
        this.path = path;
        this.key = key;
        this.server = server;
        this.selector = selector;
    }

    /** @throws IOException if such a socket is not possible */
    public static SupervisorSocket open(Path path, SocketKey key) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // A client may connect when it sees the file. Just after the creation of the socket nobody would answer
            // yet.
            Path early = early(path);
            server.bind(UnixDomainSocketAddress.of(early), BACKLOG);
            server.configureBlocking(false);
            Selector selector = Selector.open();
            server.register(selector, SelectionKey.OP_ACCEPT);
            Files.move(early, path, StandardCopyOption.ATOMIC_MOVE);
            return new SupervisorSocket(path, key, server, selector);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Where the socket is before it is ready. */
    static Path early(Path path) {
        return path.resolveSibling(path.getFileName() + "-");
    }

    /**
     * Waits for a client.
     *
     * @return {@code null} if none comes in this time, or this process can't listen at the moment
     */
    @CheckForNull
    public Client await(Duration patience) throws IOException, InterruptedException {
        selector.selectedKeys().clear();
        if (selector.select(patience.toMillis()) == 0) {
            return null;
        }
        try {
            SocketChannel channel = server.accept();
            return channel == null ? null : new Client(channel, key);
        } catch (IOException e) {
            TimeUnit.MILLISECONDS.sleep(100); // no descriptors left, for one; runs that end give theirs back
            return null;
        }
    }

    /** From now on no run comes through this socket. */
    @Override
    public void close() throws IOException {
        try (server;
                selector) {
            Files.deleteIfExists(path);
        }
    }

    /** A client that has a run and waits for an answer. */
    public static final class Client implements Closeable {

        private final SocketChannel channel;
        private final SocketKey key;
        private SocketKey.Session session;

        private Client(SocketChannel channel, SocketKey key) {
            this.channel = channel;
            this.key = key;
            closeAfterTimeout(channel);
        }

        /** @throws IOException if the client is not our agent, or has no run */
        public RunRequest request() throws IOException {
            Path socket = ((UnixDomainSocketAddress) channel.getLocalAddress()).getPath();
            checkUser(channel, Files.getOwner(socket.getParent()));
            session = openSession(channel, key, SocketKey.Side.SUPERVISOR);
            return RunRequest.read(new DataInputStream(new ByteArrayInputStream(session.receive())));
        }

        /** Confirms to the client that the supervisor has the run. */
        public void confirm() throws IOException {
            session.send(CONFIRMED);
            channel.close();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * Submits a run to the supervisor at a socket.
     *
     * @return whether the supervisor has the run; if not, that is unknown
     */
    public static boolean submit(Path path, SocketKey key, RunRequest run) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            closeAfterTimeout(channel);
            checkUser(channel, ownUser()); // others may have chosen a folder of another owner
            SocketKey.Session session = openSession(channel, key, SocketKey.Side.AGENT);
            session.send(run.bytes());
            return Arrays.equals(session.receive(), CONFIRMED);
        } catch (IOException | UnsupportedOperationException | LinkageError e) {
            return false; // it has just ended, has too much to do, or is not what it was; or this Java can't do it
        }
    }

    private static SocketKey.Session openSession(SocketChannel channel, SocketKey key, SocketKey.Side side)
            throws IOException {
        return key.handshake(
                side,
                new DataInputStream(Channels.newInputStream(channel)),
                new DataOutputStream(Channels.newOutputStream(channel)));
    }

    private static void checkUser(SocketChannel channel, UserPrincipal user) throws IOException {
        if (!channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(user)) {
            throw new IOException("another user's process answers at the socket");
        }
    }

    /** The owner of files that this process creates. */
    private static synchronized UserPrincipal ownUser() throws IOException {
        if (ownUser == null) {
            Path made = Files.createTempFile(FOLDER, null);
            try {
                ownUser = Files.getOwner(made);
            } finally {
                Files.delete(made);
            }
        }
        return ownUser;
    }

    /** Needed because these sockets have no time limits. */
    private static void closeAfterTimeout(SocketChannel channel) {
        Executor later = CompletableFuture.delayedExecutor(SESSION_SECONDS, TimeUnit.SECONDS);
        later.execute(() -> {
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
