package io.jenkins.plugins.concurrency.agent.launcher;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.ResourceUsage;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskFiles;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;
import jenkins.util.Timer;

/**
 * The outputs of running tasks. A task in a shell writes them to files on the agent. If they are kept or followed, this
 * copies them to files of the controller while they grow. Otherwise only their ends are copied. Thread-safe.
 */
final class LauncherOutputs {

    private static final Logger LOGGER = Logger.getLogger(LauncherOutputs.class.getName());

    private static final long LOOK_SECONDS = 1;

    /** How much of all files is copied at once, in bytes. */
    private static final int BLOCK = 1024 * 1024;

    /** How often in a row it is copied while there is more. */
    private static final int BLOCKS = 16;

    private static final long END = -1;

    /** A running task. */
    interface Task {

        int index();

        OutputReader reader();

        /** Held while its outputs are copied, which can take long. */
        Object copying();

        /** Why it ended, as far as this is known. */
        RunningScript.Cause cause();

        /**
         * Called while it runs.
         *
         * @param size of its outputs, in bytes
         */
        void look(long size) throws IOException;
    }

    private final LauncherTarget target;
    private final OutputOptions options;
    private final Map<Integer, Task> running = new ConcurrentHashMap<>();

    /** Whether a look is planned or going on. Guarded by this. */
    private boolean looking;

    LauncherOutputs(LauncherTarget target, OutputOptions options) {
        this.target = target;
        this.options = options;
    }

    /** Whether outputs are in files of the controller. */
    boolean areCopied() {
        return options.isRead();
    }

    /** The copies of a task's outputs. Nothing is masked in them. */
    TaskFiles copies(int task) throws IOException {
        return TaskFiles.in(target.files().local(), task);
    }

    /** Whether a task has written more than it may. */
    boolean isTooLarge(long bytes) {
        return options.maxBytes() > 0 && bytes > options.maxBytes();
    }

    /** Looks at the outputs of a task until {@link #end}. */
    void begin(Task task) throws IOException {
        if (areCopied()) {
            copies(task.index()).delete(); // of an attempt that a dead process made
        }
        running.put(task.index(), task);
        look();
    }

    private synchronized void look() {
        if (!looking && !running.isEmpty() && (options.maxBytes() > 0 || areCopied())) {
            looking = true;
            Timer.get().schedule(
                    () -> Computer.threadPoolForRemoting.execute(this::lookNow), LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void lookNow() {
        try {
            int looks = 0;
            while (lookOnce() && ++looks < BLOCKS) {
                // there is more to copy
            }
        } catch (IOException e) {
            target.explain("can't look at outputs", e); // if the connection broke, everything ends now
        } finally {
            synchronized (this) {
                looking = false;
            }
            look();
        }
    }

    /** @return whether more could be copied at once */
    private boolean lookOnce() throws IOException {
        List<Task> tasks = List.copyOf(running.values());
        List<Range> wanted = new ArrayList<>();
        for (Task task : tasks) {
            wanted.add(wanted(task.index(), Math.max(1, BLOCK / 2 / tasks.size())));
        }
        List<Part> parts = read(wanted, false);
        boolean isMore = false;
        for (int i = 0; i < tasks.size(); i++) {
            isMore |= look(tasks.get(i), wanted.get(i), parts.get(i));
        }
        return isMore;
    }

    private boolean look(Task task, Range from, Part part) {
        synchronized (task.copying()) { // its end copies too
            if (running.get(task.index()) != task) {
                return false;
            }
            try {
                copy(from, part);
                task.look(part.outSize() + part.errSize());
                return areCopied() && part.failure() == null && wanted(task.index(), 0).isBefore(part);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "can't look at outputs of task " + task.index()); // its end says so
                return false;
            }
        }
    }

    /**
     * Called when a task has ended. Removes its files.
     *
     * @throws IOException if they can't be read
     */
    RunningScript.End end(Task task, int exitCode, @CheckForNull Part ends, ResourceUsage usage)
            throws IOException {
        running.remove(task.index(), task);
        synchronized (task.copying()) {
            if (!areCopied()) {
                Part part = (ends == null ? LauncherFiles.act(folder(), ends(task.index())).get(0) : ends).checked();
                return new RunningScript.End(
                        exitCode, tail(part.out(), part.outSize()), tail(part.err(), part.errSize()), usage, task.cause(), Map.of());
            }
            // What its background processes write from now on is left.
            Part sizes = read(List.of(Range.nothing(task.index())), false).get(0);
            Range wanted = wanted(task.index(), BLOCK / 2);
            boolean isMore = true;
            while (isMore && wanted.isBefore(sizes) && !isTooLarge(wanted.out() + wanted.err())) {
                Part part = read(List.of(wanted), false).get(0).checked();
                copy(wanted, part);
                isMore = part.out().length + part.err().length > 0; // a task may make its files shorter
                wanted = wanted(task.index(), BLOCK / 2);
            }
            read(List.of(Range.nothing(task.index())), true);
            boolean isCut = isMore && wanted.isBefore(sizes) && task.cause() == RunningScript.Cause.ITSELF;
            return endOfCopies(task, exitCode, usage, isCut ? RunningScript.Cause.TOO_LARGE : task.cause());
        }
    }

    /** Reads the ends of a task's outputs and removes them; {@code null} if they are copied instead. */
    @CheckForNull
    Read endsOf(int task) {
        return areCopied() ? null : ends(task);
    }

    private static Read ends(int task) {
        return new Read(new ArrayList<>(List.of(new Range(task, END, END, OutputTail.MAX_WHOLE, OutputTail.MAX_BYTES))), true);
    }

    private FilePath folder() {
        return target.at(target.files().folder());
    }

    /** The end of a task whose outputs are wholly in copies. {@link #forget} removes these. */
    RunningScript.End endOfCopies(Task task, int exitCode, ResourceUsage usage, RunningScript.Cause cause)
            throws IOException {
        TaskFiles files = copies(task.index());
        for (Path file : List.of(files.stdout(), files.stderr())) {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
        }
        return files.end(exitCode, usage, cause, task.reader());
    }

    /** Looks no more at the outputs of a task, and removes their copies. */
    void forget(Task task) {
        running.remove(task.index(), task);
        if (areCopied()) {
            synchronized (task.copying()) {
                LauncherFiles.attempt(() -> copies(task.index()).delete());
            }
        }
    }

    private static OutputTail tail(byte[] bytes, long size) {
        return OutputTail.decode(bytes, size > bytes.length);
    }

    /** What is not copied yet. */
    private Range wanted(int task, int most) throws IOException {
        if (!areCopied()) {
            return Range.nothing(task);
        }
        TaskFiles files = copies(task);
        return new Range(task, files.stdout().toFile().length(), files.stderr().toFile().length(), most, most);
    }

    private void copy(Range from, Part part) throws IOException {
        if (areCopied()) {
            TaskFiles files = copies(from.task());
            append(files.stdout(), part.out());
            append(files.stderr(), part.err());
        }
    }

    private static void append(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<Part> read(List<Range> wanted, boolean remove) throws IOException {
        return LauncherFiles.act(folder(), new Read(new ArrayList<>(wanted), remove));
    }

    /**
     * A part of a task's outputs.
     *
     * @param out where to begin in its standard output; negative for its end
     * @param err where to begin in its standard error; negative for its end
     */
    private record Range(int task, long out, long err, int outMost, int errMost) implements Serializable {

        /** Only the sizes are wanted. */
        static Range nothing(int task) {
            return new Range(task, 0, 0, 0, 0);
        }

        /** Whether there is more behind its beginning. */
        boolean isBefore(Part sizes) {
            return out < sizes.outSize() || err < sizes.errSize();
        }
    }

    /**
     * What was read, and the sizes of the files.
     *
     * @param failure why nothing could be read
     */
    record Part(byte[] out, byte[] err, long outSize, long errSize, @CheckForNull String failure) implements Serializable {

        Part checked() throws HostException {
            if (failure != null) {
                throw HostException.crashed("can't read the outputs: " + failure);
            }
            return this;
        }
    }

    /** Reads parts of outputs in a folder. */
    static final class Read extends MasterToSlaveFileCallable<ArrayList<Part>> {

        private static final long serialVersionUID = 1;

        private final ArrayList<Range> wanted;
        private final boolean remove;

        Read(ArrayList<Range> wanted, boolean remove) {
            this.wanted = wanted;
            this.remove = remove;
        }

        @Override
        public ArrayList<Part> invoke(File folder, VirtualChannel channel) {
            ArrayList<Part> parts = new ArrayList<>();
            for (Range range : wanted) {
                TaskFiles files = TaskFiles.in(folder.toPath(), range.task());
                parts.add(read(range, files.stdout().toFile(), files.stderr().toFile()));
                if (remove) {
                    files.delete();
                }
            }
            return parts;
        }

        private static Part read(Range range, File out, File err) {
            try {
                return new Part(
                        LauncherFiles.read(out, range.out(), range.outMost()),
                        LauncherFiles.read(err, range.err(), range.errMost()),
                        out.length(),
                        err.length(),
                        null);
            } catch (IOException e) { // the other tasks' outputs may be well
                return new Part(new byte[0], new byte[0], out.length(), err.length(), e.getMessage());
            }
        }
    }
}
