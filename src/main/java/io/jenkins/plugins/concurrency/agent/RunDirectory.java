package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.FilePath;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.supervisor.client.JournalListener;
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

/** A run's directory on an agent, over one connection to it. Methods wait for the agent unless they say otherwise. */
public final class RunDirectory {

    /** What all files of a run may have together to go in one call: that is in the memory of both sides. */
    private static final long SMALL_BYTES = 1024 * 1024;

    private final Supplier<FilePath> present;
    private final FilePath directory;

    /**
     * Who receives the journal, and from where on.
     *
     * @param offset how much of it is here, in bytes
     * @param consoleOffset how much of what the run says is here; negative for all until now
     */
    public record Following(long offset, long consoleOffset, JournalListener listener) {}

    /**
     * @param present the same directory over the connection that there is now; {@code null} from it while there is none
     * @param directory over the connection that is to be used
     */
    RunDirectory(Supplier<FilePath> present, FilePath directory) {
        this.present = present;
        this.directory = directory;
    }

    public VirtualChannel channel() {
        return directory.getChannel();
    }

    /** Whether the agent still has the connection over which this directory is reached. */
    public boolean isConnected() {
        FilePath now = present.get();
        return now != null
                && now.getChannel() == channel()
                && !(channel() instanceof Channel channel && channel.isClosingOrClosed());
    }

    /** Whether a supervisor was started for the run, alive or not. */
    public boolean hasBegun() throws IOException, InterruptedException {
        // In this order: who is no longer starting is named by the other file.
        return directory.child(RunFiles.STARTING).exists()
                || directory.child(RunFiles.PID).exists();
    }

    /**
     * Copies to the agent what the supervisor needs.
     *
     * @param build the run's files in the build directory
     * @param known the ids of all runs whose directories are registered for removal
     * @return does that on the agent, with the call that begins the run; {@code null} if it was too much, and is done
     */
    @CheckForNull
    public PrepareRunDirectory fill(RunFiles build, Collection<String> known) throws IOException, InterruptedException {
        // The agent's disk may be new to a run that has a journal: what was done is done.
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

    /** Makes the agent push the journal. */
    public void follow(Following from) throws IOException, InterruptedException {
        directory.act(following(from));
    }

    /** Does that on the agent. */
    public FollowJournal following(Following from) {
        JournalListener exported = channel().export(JournalListener.class, from.listener);
        return new FollowJournal(from.offset, from.consoleOffset, exported);
    }

    /** Where the run keeps whole outputs, if it does. */
    public FilePath kept() {
        return directory.child(RunFiles.KEPT);
    }

    /** Asks the supervisor to cancel; does not wait. */
    public void cancel(String why) throws IOException, InterruptedException {
        directory.actAsync(new CancelRun(why));
    }

    /** Tells a run's supervisor to cancel. */
    private static final class CancelRun extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final String why;

        /** @param why for users, one line */
        CancelRun(String why) {
            this.why = why;
        }

        @Override
        public Void invoke(File runDirectory, VirtualChannel channel) throws IOException {
            AtomicFile.write(new RunFiles(runDirectory.toPath()).cancel(), why);
            return null;
        }
    }

    /** Makes the agent push a run's journal to the controller from now on. */
    public static final class FollowJournal extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final long offset;
        private final long consoleOffset;

        @SuppressFBWarnings(value = "SE_BAD_FIELD", justification = "what travels is the proxy of an exported object")
        private final JournalListener listener;

        /**
         * @param offset how much of the journal the controller has, in bytes
         * @param consoleOffset how much of the console output, in bytes; negative for all until now
         * @param listener exported to the agent's channel
         */
        FollowJournal(long offset, long consoleOffset, JournalListener listener) {
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
