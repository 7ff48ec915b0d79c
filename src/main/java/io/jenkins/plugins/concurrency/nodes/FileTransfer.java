package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.fetch.file.RelativePath;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.MasterToSlaveFileCallable;
import jenkins.model.Jenkins;
import jenkins.util.BuildListenerAdapter;
import jenkins.util.Timer;

/**
 * Copies the files of a node back before the outcomes of their branches are reported. So a branch that has ended has
 * its files here, whatever happens to the node. Thread-safe; methods return at once.
 */
final class FileTransfer {

    private static final Logger LOGGER = Logger.getLogger(FileTransfer.class.getName());

    /** The shortest pause between two looks. Each look goes through all files. */
    private static final long PAUSE_MILLIS = 500;

    /** The pause is at least this many times as long as the last look took. */
    private static final long PAUSE_SHARE = 4;

    /** How often in a row a look may fail while the node is connected. */
    private static final int MAX_FAILURES = 3;

    /** More files are not copied one by one, and a bad node must not fill the controller. */
    private static final int MAX_FILES = 100_000;

    private final NodeLocation place;
    private final NodesRequest request;

    /** {@code null} if no files of the workspace are wanted. */
    @CheckForNull
    private final PathPattern wanted;

    private final Destination destination;
    private final Outputs outputs;
    private final Consumer<Outcome> onEnded;
    private final Consumer<String> onFailure;

    /**
     * The files that have been copied, each with what {@link ListFiles} said about it. Used by one thread at a time.
     */
    private final Map<String, String> known = new HashMap<>();

    // Guarded by this.
    private final List<Outcome> waiting = new ArrayList<>();
    private boolean busy;
    private boolean closed;
    private int failures;
    private Runnable whenComplete;

    /**
     * @param outputs archives the kept outputs of branches
     * @param onEnded called with each branch when its files are here
     * @param onFailure called with the reason why files can't be copied
     */
    FileTransfer(
            NodeLocation place,
            NodesRequest request,
            Destination destination,
            Outputs outputs,
            Consumer<Outcome> onEnded,
            Consumer<String> onFailure) {
        this.place = place;
        this.request = request;
        this.wanted = request.collect() == null ? null : new PathPattern(request.collect());
        this.destination = destination;
        this.outputs = outputs;
        this.onEnded = onEnded;
        this.onFailure = onFailure;
    }

    /** Makes artifacts of kept outputs. Waits for the agent. */
    @FunctionalInterface
    interface Outputs {
        void archive(List<Outcome> ended) throws IOException, InterruptedException;
    }

    /** Called when a branch has ended on its node. */
    void ended(Outcome outcome) {
        synchronized (this) {
            waiting.add(outcome);
        }
        begin();
    }

    /** Called when no other branch will end on the node. The action is run when all files are here. */
    void whenComplete(Runnable action) {
        synchronized (this) {
            whenComplete = action;
        }
        begin();
    }

    /** Called when nothing is needed from the node any more. */
    synchronized void close() {
        closed = true;
    }

    private void begin() {
        synchronized (this) {
            if (busy || closed) {
                return;
            }
            busy = true;
        }
        onAgent();
    }

    private void onAgent() {
        place.location().threads().execute(this::transfer);
    }

    private void transfer() {
        List<Outcome> here;
        long begin = System.nanoTime();
        synchronized (this) {
            here = List.copyOf(waiting);
        }
        try {
            if (!here.isEmpty()) {
                if (wanted != null) {
                    copyChanged(wanted);
                }
                outputs.archive(here);
            }
            transferred(here, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        } catch (IOException | RuntimeException e) {
            failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(e);
        } catch (Error e) {
            failed(e);
            throw e;
        }
    }

    private void transferred(List<Outcome> here, long tookMillis) {
        here.forEach(onEnded);
        Runnable last = null;
        synchronized (this) {
            failures = 0;
            waiting.subList(0, here.size()).clear();
            busy = !waiting.isEmpty() && !closed;
            if (waiting.isEmpty()) {
                last = whenComplete;
                whenComplete = null;
            }
            if (busy) {
                long pause = Math.max(PAUSE_MILLIS, PAUSE_SHARE * tookMillis);
                Timer.get().schedule(this::onAgent, pause, TimeUnit.MILLISECONDS);
            }
        }
        if (last != null) {
            last.run();
        }
    }

    /** While there is no connection, other classes decide how long to wait. */
    private void failed(Throwable cause) {
        LOGGER.log(Level.FINE, cause, () -> "can't copy files from " + place.location());
        boolean hopeless;
        synchronized (this) {
            failures += place.location().isConnected() ? 1 : 0;
            hopeless = failures >= MAX_FAILURES;
            if (!hopeless && !closed) {
                Timer.get().schedule(this::onAgent, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        if (hopeless) {
            onFailure.accept("its files can't be copied from the node: " + FailureText.of(cause));
        }
    }

    private void copyChanged(PathPattern wanted) throws IOException, InterruptedException {
        RunLocation location = place.location();
        FilePath workspace = location.resolve(place.workspace());
        Map<String, String> there = checked(workspace.act(new ListFiles(request.collect())), wanted);
        List<String> changed = new ArrayList<>();
        for (Map.Entry<String, String> file : there.entrySet()) {
            if (!file.getValue().equals(known.get(file.getKey()))) {
                changed.add(file.getKey());
            }
        }
        if (!changed.isEmpty()) {
            destination.take(workspace, changed, request.inDirectory());
            known.putAll(there);
        }
    }

    /** Checks the paths that an agent sends. It is not trusted: other programs act on the files that they find here. */
    static Map<String, String> checked(Map<String, String> there, PathPattern wanted) throws IOException {
        if (there.size() > MAX_FILES) {
            throw new IOException("'collect' matches " + there.size() + " files; " + MAX_FILES + " are allowed: put them into an archive");
        }
        for (String path : there.keySet()) {
            if (path.contains("\\") || RelativePath.leadsOut(path) || !wanted.matches(path)) {
                throw new IOException("a path that 'collect' does not match: " + path);
            }
        }
        return there;
    }

    /**
     * Lists the regular files of a directory that match a pattern: relative paths with slashes, each with a text that changes
     * when the file does. Links are not followed.
     */
    private static final class ListFiles extends MasterToSlaveFileCallable<TreeMap<String, String>> {

        private static final long serialVersionUID = 1;

        private final String pattern;

        /** @param pattern of a {@link PathPattern} */
        ListFiles(String pattern) {
            this.pattern = pattern;
        }

        @Override
        public TreeMap<String, String> invoke(File directory, VirtualChannel channel) throws IOException {
            PathPattern wanted = new PathPattern(pattern);
            Path root = directory.toPath();
            TreeMap<String, String> found = new TreeMap<>();
            for (String below : wanted.roots()) {
                list(root, root.resolve(below), wanted, found);
            }
            return found;
        }

        private static void list(Path root, Path below, PathPattern wanted, TreeMap<String, String> found)
                throws IOException {
            Files.walkFileTree(below, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String path = root.relativize(file).toString().replace(File.separatorChar, '/');
                    if (attributes.isRegularFile() && wanted.matches(path)) {
                        found.put(path, attributes.size() + " " + attributes.lastModifiedTime());
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // what is at work there removes files too
                }
            });
        }
    }

    /** Where files of nodes are saved: the step's current directory, or the build's artifacts. */
    static final class Destination {

        private final Run<?, ?> build;
        private final NodesObserver observer;

        Destination(Run<?, ?> build, NodesObserver observer) {
            this.build = build;
            this.observer = observer;
        }

        /**
         * Saves files. Waits for both machines.
         *
         * @param from the folder that they are in
         * @param paths of the files, relative to it
         * @param inDirectory whether the step has a directory
         */
        void take(FilePath from, List<String> paths, boolean inDirectory)
                throws IOException, InterruptedException {
            if (!inDirectory) {
                Map<String, String> artifacts = paths.stream().collect(Collectors.toMap(Function.identity(), path -> path));
                Computer computer = from.toComputer();
                Node node = computer == null ? null : computer.getNode();
                build.pickArtifactManager()
                        .archive(
                                from,
                                (node == null ? Jenkins.get() : node).createLauncher(observer.listener()),
                                BuildListenerAdapter.wrap(observer.listener()),
                                artifacts);
                return;
            }
            FilePath directory = observer.directory();
            if (directory == null) {
                throw new IOException("the node around the step is not connected");
            }
            for (String path : paths) {
                FilePath target = directory.child(path);
                target.getParent().mkdirs();
                from.child(path).copyToWithPermission(target);
            }
        }
    }
}
