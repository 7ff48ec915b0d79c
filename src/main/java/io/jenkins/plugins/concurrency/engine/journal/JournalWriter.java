package io.jenkins.plugins.concurrency.engine.journal;

import io.jenkins.plugins.concurrency.engine.json.Json;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends entries to a journal. Each is one line of JSON, which is written with one call. A process that is killed
 * leaves at most one incomplete line at the end, which the next writer removes. Lines survive the death of the process,
 * but not that of the machine. Thread-safe.
 */
public final class JournalWriter implements Closeable {

    private final Path file;

    /** Guarded by this. */
    private final FileChannel channel;

    /**
     * Opens a journal; creates it if it is missing.
     *
     * @throws IOException if it can't be opened
     */
    public JournalWriter(Path file) throws IOException {
        this.file = file;
        cutTornLine(file);
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * Appends an entry.
     *
     * @throws IOException if it could not be written, or is longer than {@link JournalLines#MAX_LINE}, which no reader
     *     would accept; the journal is then unchanged
     */
    public void append(JournalEntry entry) throws IOException {
        byte[] line = (Json.write(entry.toJson()) + '\n').getBytes(StandardCharsets.UTF_8);
        if (line.length > JournalLines.MAX_LINE) {
            throw new IOException("a journal line of " + line.length + " bytes, more than " + JournalLines.MAX_LINE);
        }
        synchronized (this) {
            long before = channel.size();
            try {
                ByteBuffer bytes = ByteBuffer.wrap(line);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                cutTo(before, e);
                throw e;
            }
        }
    }

    /** How long the journal is, in bytes. */
    public synchronized long size() throws IOException {
        return channel.size();
    }

    /** If the disk is full, a part of the line may have been written. The next line must not follow it. */
    private void cutTo(long length, IOException cause) {
        try {
            channel.truncate(length);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return "journal " + file;
    }

    /** Removes what follows a file's last line break. Does nothing if there is no file. */
    public static void cutTornLine(Path file) throws IOException {
        if (!file.toFile().exists()) {
            return;
        }
        try (RandomAccessFile journal = new RandomAccessFile(file.toFile(), "rw")) {
            long end = journal.length();
            if (end == 0) {
                return;
            }
            byte[] block = new byte[8192];
            while (end > 0) {
                int length = (int) Math.min(block.length, end);
                journal.seek(end - length);
                journal.readFully(block, 0, length);
                for (int i = length - 1; i >= 0; i--) {
                    if (block[i] == '\n') {
                        journal.setLength(end - length + i + 1);
                        return;
                    }
                }
                end -= length;
            }
            journal.setLength(0);
        }
    }

    /** A journal has reached its size limit. The message names the limit, in one line. */
    public static final class JournalFullException extends IOException {

        private static final long serialVersionUID = 1L;

        private static final long MEBIBYTE = 1024 * 1024;

        /** @param limit in bytes */
        public JournalFullException(long limit) {
            super("the journal would be larger than the administrator allows: "
                    + (limit % MEBIBYTE == 0 ? limit / MEBIBYTE + " MiB" : limit + " bytes")
                    + "; write large bodies and outputs to files");
        }
    }
}
