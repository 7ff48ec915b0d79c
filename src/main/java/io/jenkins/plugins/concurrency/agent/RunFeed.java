package io.jenkins.plugins.concurrency.agent;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;
import jenkins.util.Timer;

/**
 * Sends further branches to a run on an agent. They are first written into the build directory, and then sent until the
 * agent has them. Thread-safe.
 */
public final class RunFeed {

    private static final Logger LOGGER = Logger.getLogger(RunFeed.class.getName());

    private static final int MAX_BLOCK = 1024 * 1024;

    private static final long AGAIN_MILLIS = 500;

    private final RunLocation location;
    private final RunFiles build;

    /** Locked while something is sent. */
    private final Object sending = new Object();

    // Guarded by this.

    /** The length of the feed here, in bytes. */
    private long length;

    /** Whether a thread is about to send. */
    private boolean soon;

    private boolean closed;

    /** How much the agent has for certain, in bytes. Guarded by {@link #sending}. */
    private long sent;

    /**
     * Opens the feed; creates it if it is missing.
     *
     * @param build the run's files in the build directory
     * @throws IOException if they can't be written
     */
    public RunFeed(RunLocation location, RunFiles build) throws IOException {
        this.location = location;
        this.build = build;
        this.length = build.openFeed();
    }

    /**
     * Adds branches. Returns when they are in the build directory.
     *
     * @throws IOException if they can't be written
     */
    public void append(List<Feed.Line> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.text()));
        append(text.toString());
    }

    /** Says that there will be no more. */
    public void end() throws IOException {
        append(Feed.endLine());
    }

    private void append(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            Files.write(build.feed(), bytes, StandardOpenOption.APPEND);
            length += bytes.length;
        }
        send();
    }

    /** Sends the agent what it does not have. Returns at once. */
    public void send() {
        synchronized (this) {
            if (soon || closed) {
                return;
            }
            soon = true;
        }
        location.threads().execute(this::sendAll);
    }

    /** Sends nothing from now on. */
    public synchronized void close() {
        closed = true;
    }

    private void sendAll() {
        boolean done = false;
        synchronized (sending) {
            synchronized (this) {
                soon = false;
            }
            FilePath directory = location.resolve();
            try {
                done = directory != null && sendTo(directory);
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.FINE, e, () -> "can't feed " + location);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (!done) {
            Timer.get().schedule(this::send, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Returns whether the agent has everything then. */
    private boolean sendTo(FilePath directory) throws IOException, InterruptedException {
        for (byte[] block; (block = block(sent)).length > 0; ) {
            long has = directory.act(new AppendFeed(sent, block));
            if (has == AppendFeed.NONE) {
                sent = 0;
                return false; // the run has not been submitted yet, or it is over
            }
            sent = has;
        }
        return true;
    }

    private synchronized byte[] block(long offset) throws IOException {
        if (closed || offset >= length) {
            return new byte[0];
        }
        try (RandomAccessFile feed = new RandomAccessFile(build.feed().toFile(), "r")) {
            feed.seek(offset);
            byte[] block = new byte[(int) Math.min(MAX_BLOCK, length - offset)];
            feed.readFully(block);
            return block;
        }
    }

    /**
     * Appends to a run's feed on the agent and returns its length in bytes, or {@link #NONE}. Lines that would leave a
     * gap are not written. Lines that are there already may be written again, because they are the same.
     */
    private static final class AppendFeed extends MasterToSlaveFileCallable<Long> {

        private static final long serialVersionUID = 1;

        /** The result if there is no feed yet. */
        static final long NONE = -1;

        private final long offset;
        private final byte[] lines;

        /** @param offset where the lines belong, in bytes */
        AppendFeed(long offset, byte[] lines) {
            this.offset = offset;
            this.lines = lines.clone();
        }

        @Override
        public Long invoke(File runDirectory, VirtualChannel channel) throws IOException {
            Path file = new RunFiles(runDirectory.toPath()).feed();
            if (!file.toFile().exists()) {
                return NONE;
            }
            try (RandomAccessFile feed = new RandomAccessFile(file.toFile(), "rw")) {
                if (feed.length() >= offset) {
                    feed.seek(offset);
                    feed.write(lines);
                }
                return feed.length();
            }
        }
    }
}
