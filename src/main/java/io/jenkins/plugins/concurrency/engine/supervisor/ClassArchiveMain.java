package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionRehearsal;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RunRequest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Loads the classes that supervisors and workers need, so that the JVM can write an archive of them. It does two small
 * runs and calls a function.
 */
public final class ClassArchiveMain {

    private ClassArchiveMain() {}

    /** @param args none */
    public static void main(String[] args) throws Exception {
        FunctionRehearsal.run();
        Path directory = Files.createTempDirectory("concurrency-steps");
        try {
            Path workspace = Files.createDirectory(directory.resolve("workspace"));
            runCommand(directory.resolve("command"), workspace);
            fetch(directory.resolve("fetch"), workspace);
        } finally {
            new RunFiles(directory).delete();
        }
        System.exit(0); // the archive is written now; threads must not delay it
    }

    private static void runCommand(Path directory, Path workspace) throws Exception {
        PoolSettings settings = new PoolSettings(1, null, null, workspace.toString());
        run(directory, new WorkSpec.Pool(settings), new PoolBranch(0, "rehearsal", "true", null).toJson());
    }

    /** The fetch need not succeed. It only has to load the classes that it needs on this machine. */
    private static void fetch(Path directory, Path workspace) throws Exception {
        BodyStorage storage = new BodyStorage(workspace.toString(), "fetched", 0);
        try (RehearsalServer server = new RehearsalServer()) {
            run(directory, new WorkSpec.Fetch(FetchSettings.standard(storage), null), FetchBranch.of(0, server.url()).toJson());
        }
    }

    private static void run(Path directory, WorkSpec work, Map<String, Object> branch) throws Exception {
        RunFiles files = new RunFiles(Files.createDirectory(directory));
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
        files.writeSpec(new RunSpec(UUID.randomUUID().toString(), policy, work, List.of(), RunLimits.NONE));
        try (BranchFile.Writer branches = new BranchFile.Writer(files.branches())) {
            branches.add(branch);
            branches.commit();
        }
        RunRequest request = new RunRequest(directory, System.getenv(), NodeLimits.NONE);
        new SupervisedRun(request, new SharedEngine(false), SupervisorLog.install()).run(() -> {});
    }

    /** Gives every request the same answer, on the loopback address. {@link ClassArchiveMain} fetches from it. */
    private static final class RehearsalServer implements Closeable {

        private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
                .getBytes(StandardCharsets.US_ASCII);

        private static final String END_OF_HEAD = "\r\n\r\n";

        private final ServerSocket socket;

        /** @throws IOException if it can't listen on this machine */
        RehearsalServer() throws IOException {
            socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(this::serve, "rehearsal server");
            thread.setDaemon(true);
            thread.start();
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/";
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    serve(connection);
                } catch (IOException e) {
                    // the client has gone, or this server is being closed
                }
            }
        }

        private static void serve(Socket connection) throws IOException {
            InputStream requests = connection.getInputStream();
            int matched = 0;
            for (int next; (next = requests.read()) >= 0; ) {
                matched = next == END_OF_HEAD.charAt(matched) ? matched + 1 : 0;
                if (matched == END_OF_HEAD.length()) {
                    connection.getOutputStream().write(ANSWER);
                    matched = 0;
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
