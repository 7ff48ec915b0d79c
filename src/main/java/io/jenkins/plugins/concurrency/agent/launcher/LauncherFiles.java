package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalFiles;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.run.file.PrivateFile;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/** A folder of the run directory on the agent. Workers that are started through a launcher can access it too. */
final class LauncherFiles implements WorkerFiles {

    private static final Logger LOGGER = Logger.getLogger(LauncherFiles.class.getName());

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How much of a file is copied at once, in bytes. */
    private static final int BLOCK = 512 * 1024;

    private final FilePath folder;
    private final Path copies;
    private final Map<String, Copy> copied = new ConcurrentHashMap<>();

    /** @param copies the folder of this machine for copies of outputs, in which nothing is masked; created when it is needed */
    LauncherFiles(FilePath folder, Path copies) {
        this.folder = folder;
        this.copies = copies;
    }

    /** Its path, as the agent and the workers see it. */
    String folder() {
        return folder.getRemote();
    }

    /** The variable that tells a worker where the folder is. */
    ProcessCookie cookie() {
        return new ProcessCookie(PoolEnvironment.FILES, folder.getRemote());
    }

    /** Empty, whatever dead processes of the run have left there. None of them may be running. */
    void create() throws IOException, InterruptedException {
        folder.mkdirs();
        folder.deleteContents();
    }

    @Override
    public String write(String name, String text) throws IOException {
        return act(folder, new Write(name, text));
    }

    @Override
    public byte[] read(String name, int maxBytes) throws IOException {
        return act(folder, new Read(name, maxBytes));
    }

    @Override
    public Path local() throws IOException {
        return Files.isDirectory(copies) ? copies : PrivateFile.createFolder(copies);
    }

    /** Once a second, if not the whole file is needed. Removes the whole file from the agent. */
    @Override
    public void copy(String name, boolean whole) throws IOException {
        copied.computeIfAbsent(name, any -> new Copy()).extend(name, whole);
    }

    @Override
    public void delete(String name) {
        Copy copy = copied.remove(name);
        if (copy == null || !copy.isWhole()) {
            attempt(() -> folder.act(new Delete(name)));
        }
        if (copy != null) {
            attempt(() -> Files.deleteIfExists(copies.resolve(name)));
        }
    }

    /** The copy of a growing file. */
    private final class Copy {

        // Guarded by this.
        private long bytes;
        private long lookedNanos;
        private boolean whole;

        synchronized boolean isWhole() {
            return whole;
        }

        synchronized void extend(String name, boolean toEnd) throws IOException {
            if (whole || !toEnd && lookedNanos != 0 && System.nanoTime() - lookedNanos < LOOK_NANOS) {
                return;
            }
            if (bytes == 0) {
                Files.deleteIfExists(copies.resolve(name)); // left by a process that died
            }
            byte[] part;
            do {
                part = act(folder.child(name), new ReadPart(bytes, BLOCK, toEnd));
                if (part.length > 0) {
                    write(local().resolve(name), part);
                }
                bytes += part.length;
            } while (toEnd && part.length == BLOCK);
            lookedNanos = System.nanoTime();
            whole = toEnd;
        }

        /** Also over what a write that failed has left there. */
        private void write(Path to, byte[] part) throws IOException {
            try (FileChannel channel = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                Channels.newOutputStream(channel.position(bytes)).write(part);
            }
        }
    }

    /**
     * Reads a part of a file of this machine. Follows no link: whoever writes there must not choose what is read.
     *
     * @param from where to begin; negative for the end
     * @param most how many bytes
     * @return what there is; empty if there is no such file
     */
    static byte[] read(File file, long from, int most) throws IOException {
        long size = file.length();
        long begin = from < 0 ? Math.max(0, size - most) : from;
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(most, size - begin)));
        if (bytes.hasRemaining()) {
            try (SeekableByteChannel in = Files.newByteChannel(
                    file.toPath(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                in.position(begin);
                while (bytes.hasRemaining() && in.read(bytes) >= 0) {
                    // there is more
                }
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Does something with a file of the agent. */
    static <T> T act(FilePath file, FilePath.FileCallable<T> work) throws IOException {
        try {
            return file.act(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (RuntimeException e) { // a connection that breaks during the call
            throw new IOException(e.toString(), e);
        }
    }

    /** Writes files of a folder of this machine, by name, in UTF-8. */
    static void write(Path folder, Map<String, String> texts) throws IOException {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.write(folder.resolve(text.getKey()), text.getValue().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** An attempt that may fail, because there is another way. */
    @FunctionalInterface
    interface Blocking {
        void run() throws IOException, InterruptedException;
    }

    static void attempt(Blocking work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "an attempt failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Write extends MasterToSlaveFileCallable<String> {
        private static final long serialVersionUID = 1;

        private final String name;
        private final String text;

        Write(String name, String text) {
            this.name = name;
            this.text = text;
        }

        @Override
        public String invoke(File folder, VirtualChannel channel) throws IOException {
            return new LocalFiles(folder.toPath()).write(name, text);
        }
    }

    private static final class Read extends MasterToSlaveFileCallable<byte[]> {
        private static final long serialVersionUID = 1;

        private final String name;
        private final int maxBytes;

        Read(String name, int maxBytes) {
            this.name = name;
            this.maxBytes = maxBytes;
        }

        @Override
        public byte[] invoke(File folder, VirtualChannel channel) throws IOException {
            return new LocalFiles(folder.toPath()).read(name, maxBytes);
        }
    }

    /** Reads a part of a file. Can remove the file when its end is read. */
    private static final class ReadPart extends MasterToSlaveFileCallable<byte[]> {
        private static final long serialVersionUID = 1;

        private final long from;
        private final int most;
        private final boolean remove;

        ReadPart(long from, int most, boolean remove) {
            this.from = from;
            this.most = most;
            this.remove = remove;
        }

        @Override
        public byte[] invoke(File file, VirtualChannel channel) throws IOException {
            byte[] part = LauncherFiles.read(file, from, most);
            if (remove && part.length < most) {
                attempt(() -> Files.deleteIfExists(file.toPath()));
            }
            return part;
        }
    }

    private static final class Delete extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;

        private final String name;

        Delete(String name) {
            this.name = name;
        }

        @Override
        public Void invoke(File folder, VirtualChannel channel) {
            new LocalFiles(folder.toPath()).delete(name);
            return null;
        }
    }
}
