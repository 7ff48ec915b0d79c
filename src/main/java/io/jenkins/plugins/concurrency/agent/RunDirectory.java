package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.FilePath;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.supervisor.client.JournalTailer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;

/** A run's directory on an agent, through one connection. Methods wait for the agent unless they say otherwise. */
public final class RunDirectory {

    /**
     * In bytes. If all files of a run together are smaller, they are sent in one call, which needs the memory of both
     * sides.
     */
    private static final long SMALL_BYTES = 1024 * 1024;

    private final Supplier<FilePath> present;
    private final FilePath directory;

    /**
     * The receiver of the journal, and what it has already.
     *
     * @param offset how much of the journal has been received, in bytes
     * @param consoleOffset how much of the lines for users has been received; negative for all until now
     */
    public record Following(long offset, long consoleOffset, JournalTailer.Listener listener) {}

    /**
     * @param present returns the same directory through the present connection, or {@code null} if there is none
     * @param directory through the connection to use
     */
    RunDirectory(Supplier<FilePath> present, FilePath directory) {
        this.present = present;
        this.directory = directory;
    }

    public VirtualChannel channel() {
        return directory.getChannel();
    }

    /** Whether the connection of this directory still exists. */
    public boolean isConnected() {
        FilePath now = present.get();
        return now != null
                && now.getChannel() == channel()
                && !(channel() instanceof Channel channel && channel.isClosingOrClosed());
    }

    /** Whether a supervisor was ever started for the run. */
    public boolean hasBegun() throws IOException, InterruptedException {
        // The order matters: when the first file is gone, the second one names the supervisor.
        return directory.child(RunFiles.STARTING).exists()
                || directory.child(RunFiles.PID).exists();
    }

    /**
     * Copies to the agent what the supervisor needs.
     *
     * @param build the run's files in the build directory
     * @param known the ids of all runs whose directories are registered for removal
     * @return the task that does this on the agent, to be sent with the call that begins the run; {@code null} if there
     *     was too much, and it has been copied now
     */
    @CheckForNull
    public PrepareRunDirectory fill(RunFiles build, Collection<String> known) throws IOException, InterruptedException {
        // A run with a journal may come to a new disk of the agent. Its finished branches stay finished.
        List<Path> files = Stream.of(build.spec(), build.branches(), build.feed(), build.earlier(), build.journal())
                .filter(Files::exists)
                .toList();
        boolean small = files.stream().mapToLong(file -> file.toFile().length()).sum() <= SMALL_BYTES;
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (Path file : files) {
            contents.put(String.valueOf(file.getFileName()), small ? Files.readAllBytes(file) : new byte[0]);
        }
        PrepareRunDirectory prepare = new PrepareRunDirectory(known, contents);
        if (small) {
            return prepare;
        }
        if (directory.act(prepare)) {
            for (Path file : files) {
                copy(file, String.valueOf(file.getFileName()));
            }
        }
        return null;
    }

    private void copy(Path from, String name) throws IOException, InterruptedException {
        try (InputStream in = Files.newInputStream(from)) {
            directory.child(name).copyFrom(in);
        }
    }

    /** Makes the agent send the journal from now on. */
    public void follow(Following from) throws IOException, InterruptedException {
        directory.act(following(from));
    }

    /** The task that does this on the agent. */
    public FollowJournal following(Following from) {
        JournalTailer.Listener exported = channel().export(JournalTailer.Listener.class, from.listener);
        return new FollowJournal(from.offset, from.consoleOffset, exported);
    }

    /** The folder for whole outputs, if the run keeps them. */
    public FilePath kept() {
        return directory.child(RunFiles.KEPT);
    }

    /**
     * Asks the supervisor to stop the run. Does not wait until it has done so.
     *
     * @param now whether that includes what is running; otherwise that may end
     */
    public void stop(String why, boolean now) throws IOException, InterruptedException {
        directory.actAsync(new StopRun(why, now));
    }

    private static final class StopRun extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final String why;
        private final boolean now;

        /** @param why for users, one line */
        StopRun(String why, boolean now) {
            this.why = why;
            this.now = now;
        }

        @Override
        public Void invoke(File runDirectory, VirtualChannel channel) throws IOException {
            RunFiles files = new RunFiles(runDirectory.toPath());
            AtomicFile.write(now ? files.cancel() : files.halt(), why);
            return null;
        }
    }

    /** Makes the agent send a run's journal to the controller from now on. */
    public static final class FollowJournal extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final long offset;
        private final long consoleOffset;

        @SuppressFBWarnings(value = "SE_BAD_FIELD", justification = "what travels is the proxy of an exported object")
        private final JournalTailer.Listener listener;

        /**
         * @param offset how much of the journal the controller has, in bytes
         * @param consoleOffset how much of the lines for users it has, in bytes; negative for all until now
         * @param listener exported to the agent's channel
         */
        FollowJournal(long offset, long consoleOffset, JournalTailer.Listener listener) {
            this.offset = offset;
            this.consoleOffset = consoleOffset;
            this.listener = listener;
        }

        @Override
        public Void invoke(File runDirectory, VirtualChannel channel) {
            JournalTailer.follow(new RunFiles(runDirectory.toPath()), offset, consoleOffset, listener);
            return null;
        }
    }
}
