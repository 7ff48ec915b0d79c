package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalFiles;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/** A folder of the run directory on the agent. Workers that are started through a launcher can access it too. */
final class LauncherFiles implements WorkerFiles {

    private static final Logger LOGGER = Logger.getLogger(LauncherFiles.class.getName());

    private final FilePath folder;

    LauncherFiles(FilePath folder) {
        this.folder = folder;
    }

    /** Its path, as the agent and the workers see it. */
    String folder() {
        return folder.getRemote();
    }

    /** The variable that tells a worker where the folder is. */
    ProcessCookie cookie() {
        return new ProcessCookie(PoolEnvironment.FILES, folder.getRemote());
    }

    void create() throws IOException, InterruptedException {
        folder.mkdirs();
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
    public void delete(String name) {
        attempt(() -> folder.act(new Delete(name)));
    }

    /** Does something with a file of the agent. */
    static <T> T act(FilePath file, FilePath.FileCallable<T> work) throws IOException {
        try {
            return file.act(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Writes files of a folder of this machine, by name, in UTF-8. */
    static void write(Path folder, Map<String, String> texts) throws IOException {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.writeString(folder.resolve(text.getKey()), text.getValue());
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
