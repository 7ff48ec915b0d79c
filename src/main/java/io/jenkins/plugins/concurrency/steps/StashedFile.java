package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.tools.tar.TarEntry;
import org.apache.tools.tar.TarInputStream;
import org.jenkinsci.plugins.workflow.flow.StashManager;

/**
 * One file of a stash, read from the stash's archive as a stream. Nothing is unpacked on the controller, because a build must
 * not be able to put files there.
 */
final class StashedFile {

    /** In bytes, unpacked. The file and all that is before it in the archive. */
    static final long MAX_READ = 16L * 1024 * 1024 * 1024;

    /** In bytes. What an archive says about one file is in memory. */
    static final long MAX_HEADERS = 64 * 1024;

    private StashedFile() {}

    /**
     * Opens a file of a build's stash. Waits for the controller's disk.
     *
     * @param file a relative path
     * @param isOver whether nobody wants the file any longer; reading fails then
     * @throws IOException if it can't be read, in one line
     */
    static InputStream open(Run<?, ?> build, String stash, String file, BooleanSupplier isOver) throws IOException {
        Object manager = build.pickArtifactManager();
        if (manager instanceof StashManager.StashAwareArtifactManager) {
            throw new IOException("stashes are not on the controller but in " + manager.getClass().getSimpleName()
                    + ", so the list can't be read from one; call the step inside 'node', with the list in its workspace");
        }
        File folder = new File(build.getRootDir(), "stashes");
        File archive = new File(folder, stash + ".tar.gz");
        if (!folder.equals(archive.getParentFile()) || !archive.isFile()) {
            throw new IOException("the build has no stash '" + stash + "'");
        }
        InputStream in = Files.newInputStream(archive.toPath());
        try {
            return find(in, stash, file, MAX_READ, isOver);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** @param most how many bytes may be unpacked */
    static InputStream find(InputStream archive, String stash, String file, long most, BooleanSupplier isOver)
            throws IOException {
        Limited unpacked = new Limited(new BufferedInputStream(new GZIPInputStream(archive)), stash, most, isOver);
        TarInputStream entries = new TarInputStream(unpacked, StandardCharsets.UTF_8.name());
        String wanted = normalized(file);
        unpacked.allow(MAX_HEADERS);
        for (TarEntry entry; (entry = next(entries, stash)) != null; ) {
            unpacked.allow(entry.getSize() + MAX_HEADERS);
            boolean isRegular = entry.isFile() && !entry.isLink() && !entry.isSymbolicLink();
            if (isRegular && normalized(entry.getName()).equals(wanted)) {
                return entries;
            }
        }
        throw new IOException("there is no file " + file + " in the stash '" + stash + "'");
    }

    /** The reader of archives has other exceptions too for what is none. */
    @CheckForNull
    private static TarEntry next(TarInputStream entries, String stash) throws IOException {
        try {
            return entries.getNextEntry();
        } catch (RuntimeException e) {
            throw new IOException("the stash '" + stash + "' is no archive", e);
        }
    }

    private static String normalized(String path) {
        return Stream.of(path.split("/")).filter(part -> !part.isEmpty() && !part.equals(".")).collect(Collectors.joining("/"));
    }

    /** Fails instead of unpacking without end. The archive was made by an agent, which is not trusted. */
    private static final class Limited extends FilterInputStream {

        private final String stash;
        private final BooleanSupplier isOver;
        private long left;
        private long leftBeforeNext;

        Limited(InputStream in, String stash, long most, BooleanSupplier isOver) {
            super(in);
            this.stash = stash;
            this.left = most;
            this.isOver = isOver;
        }

        /** @param bytes how many may be read until this is called again */
        void allow(long bytes) {
            leftBeforeNext = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (isOver.getAsBoolean()) {
                throw new IOException("the step has ended");
            }
            int count = super.read(into, offset, length);
            left -= Math.max(count, 0);
            leftBeforeNext -= Math.max(count, 0);
            if (left < 0 || leftBeforeNext < 0) {
                throw new IOException("the stash '" + stash + "' is too large, or is no archive");
            }
            return count;
        }
    }
}
