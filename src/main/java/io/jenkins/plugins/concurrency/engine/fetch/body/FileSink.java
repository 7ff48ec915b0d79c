package io.jenkins.plugins.concurrency.engine.fetch.body;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFile;
import io.jenkins.plugins.concurrency.engine.fetch.http.LocalFileException;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;
import java.util.Map;

/**
 * Saves a body to a file. The file grows under a temporary name and is renamed in one step, so that nobody sees an
 * incomplete file.
 */
public final class FileSink implements BodySink {

    private final TargetFile target;
    private final long limit;
    private final Sha256 hash;
    private final FileChannel channel;
    private String sha256;
    private long bytes;

    /**
     * Opens the temporary file. Makes missing directories.
     *
     * @param limit in bytes
     */
    public FileSink(TargetFile target, long limit) throws LocalFileException {
        this.target = target;
        this.limit = limit;
        this.hash = new Sha256();
        try {
            this.channel = target.create();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Continues a file that has a part of the body already. */
    public FileSink(PartialFile beginning, long limit) throws LocalFileException {
        this.target = beginning.target();
        this.limit = limit;
        this.hash = beginning.hash();
        this.bytes = beginning.bytes();
        try {
            this.channel = target.open();
        } catch (IOException e) {
            throw failed(e);
        }
        boolean ready = false;
        try {
            ready = goToEnd();
        } catch (IOException e) {
            throw failed(e);
        } finally {
            if (!ready) {
                close();
            }
        }
        if (!ready) {
            throw new LocalFileException("'" + MessageText.line(target.name()) + "' became shorter meanwhile");
        }
    }

    private boolean goToEnd() throws IOException {
        channel.truncate(bytes).position(bytes);
        return channel.size() == bytes;
    }

    /**
     * Keeps the received part for a later attempt.
     *
     * @param total how many bytes the whole body has; negative if unknown
     * @param validator tells whether the rest belongs to this part
     * @param codings the codings of the whole body
     * @return {@code null} if there is no part to keep
     */
    @CheckForNull
    public PartialFile suspend(long total, String validator, List<String> codings) {
        close();
        if (bytes > 0 && target.temporary().toFile().length() == bytes) {
            return new PartialFile(target, hash, bytes, total, validator, codings);
        }
        discard();
        return null;
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
        bytes += buffer.remaining();
        hash.update(buffer);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public long limit() {
        return limit;
    }

    @Override
    public byte[] start(int most) throws IOException {
        try (InputStream written = Files.newInputStream(target.temporary(), LinkOption.NOFOLLOW_LINKS)) {
            return written.readNBytes(most);
        } catch (IOException e) {
            throw new LocalFileException("can't read '" + MessageText.line(target.name()) + "'", e);
        }
    }

    @Override
    public String sha256() {
        if (sha256 == null) {
            sha256 = hash.hex();
        }
        return sha256;
    }

    @Override
    public void commit(Map<String, Object> details) throws IOException {
        try {
            channel.close();
            target.commit(target.path());
        } catch (IOException e) {
            throw failed(e);
        }
        details.put(OutcomeDetail.BYTES, bytes);
        details.put(OutcomeDetail.SHA256, sha256());
        details.put(OutcomeDetail.PATH, target.name());
    }

    @Override
    public void discard() {
        close();
        target.discard();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the file is then not wanted, or it is too short or missing, which is found later
        }
    }

    private LocalFileException failed(IOException cause) {
        return new LocalFileException("can't write '" + MessageText.line(target.name()) + "'", cause);
    }
}
