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
 * Appends entries to a journal, one JSON line each, with a single write each. A process that is killed leaves at most
 * one torn line at the end, which the next writer cuts off. Lines survive the death of the process, not of the machine.
 * Thread-safe.
 */
public final class JournalWriter implements Closeable {

    private final Path file;

    /** Guarded by this. */
    private final FileChannel channel;

    /**
     * Opens a journal for appending, made where it is missing.
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
     * @throws IOException if it could not be written, or is longer than {@link JournalLines#MAX_LINE}, so that no
     *     reader would accept it; the journal is then as it was
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

    /** On a full disk half a line may be there, and the next would go behind it. */
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

    /** Removes what stands behind a file's last line break; a file that is missing is left so. */
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
}
