package io.jenkins.plugins.concurrency.engine.run.file;

import io.jenkins.plugins.concurrency.engine.schedule.AttemptCounter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Counts attempts in a file that is mapped into memory, two bytes for each branch. A count needs no system call, and is
 * in the file even if the process is killed at once. Many threads may use it, for different branches.
 */
public final class AttemptFile implements AttemptCounter, Closeable {

    private static final int BYTES_A_BRANCH = Short.BYTES;
    private static final int BRANCHES_A_WINDOW = 16 * 1024;
    private static final int MAX_COUNT = Short.MAX_VALUE;

    private final FileChannel channel;

    /** Each maps the counts of {@link #BRANCHES_A_WINDOW} branches. Guarded by this. */
    private final List<MappedByteBuffer> windows = new ArrayList<>();

    /**
     * Opens a file; creates it if it is missing.
     *
     * @throws IOException if it can't be opened
     */
    public AttemptFile(Path file) throws IOException {
        channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Reads which branches have been begun.
     *
     * @param file may be missing
     * @throws IOException if it can't be read
     */
    public static IntPredicate begun(Path file) throws IOException {
        ShortBuffer counts = ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]).asShortBuffer();
        return index -> index < counts.limit() && counts.get(index) > 0;
    }

    @Override
    public int attempts(int index) {
        return window(index).getShort(place(index));
    }

    @Override
    public void begun(int index, int number) {
        window(index).putShort(place(index), (short) Math.min(number, MAX_COUNT));
    }

    private static int place(int index) {
        return index % BRANCHES_A_WINDOW * BYTES_A_BRANCH;
    }

    private synchronized ByteBuffer window(int index) {
        int wanted = index / BRANCHES_A_WINDOW;
        try {
            while (windows.size() <= wanted) {
                int size = BRANCHES_A_WINDOW * BYTES_A_BRANCH;
                long begin = (long) windows.size() * size;
                fill(begin + size);
                windows.add(channel.map(FileChannel.MapMode.READ_WRITE, begin, size));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't count attempts: " + e.getMessage(), e);
        }
        return windows.get(wanted);
    }

    /**
     * Makes sure that the disk has the space. Otherwise a write to a mapped page would end this process instead of
     * throwing.
     */
    private void fill(long size) throws IOException {
        while (channel.size() < size) {
            channel.write(ByteBuffer.allocate((int) (size - channel.size())), channel.size());
        }
    }

    /** The mapping stays until it is collected or the process ends. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
