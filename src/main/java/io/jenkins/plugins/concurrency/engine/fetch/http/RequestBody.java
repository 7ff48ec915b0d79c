package io.jenkins.plugins.concurrency.engine.fetch.http;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.apache.hc.core5.http.nio.DataStreamChannel;

/** The body of a request. Can be sent many times, also at once. */
public sealed interface RequestBody {

    /** In bytes. */
    long length();

    /** The media type to declare if the user declares none. */
    String contentType();

    /** Starts to send the body. */
    Sending open() throws LocalFileException;

    /** One transmission of a body. Used by one thread at a time. */
    interface Sending extends Closeable {

        /** In bytes: how much the channel gets at once. The JVM copies all of it before it writes any. */
        int PIECE = 16 * 1024;

        /** In bytes: after this much, other connections get their turn, even if this one could take more. */
        int TURN = 256 * 1024;

        /**
         * Writes what the channel takes, but no more than {@link #TURN}.
         *
         * @return whether the whole body has been written
         */
        boolean writeTo(DataStreamChannel channel) throws IOException;

        /** How many bytes the channel has taken. */
        long written();

        @Override
        void close();
    }

    /** A body given as text. */
    record Text(byte[] utf8, String contentType) implements RequestBody {

        public static Text of(String text, String contentType) {
            return new Text(text.getBytes(StandardCharsets.UTF_8), contentType);
        }

        @Override
        public long length() {
            return utf8.length;
        }

        @Override
        public Sending open() {
            ByteBuffer rest = ByteBuffer.wrap(utf8);
            return new Sending() {
                @Override
                public boolean writeTo(DataStreamChannel channel) throws IOException {
                    int end = Math.min(rest.limit(), rest.position() + TURN);
                    while (rest.position() < end) {
                        ByteBuffer piece = rest.slice(rest.position(), Math.min(PIECE, end - rest.position()));
                        channel.write(piece);
                        rest.position(rest.position() + piece.position());
                        if (piece.hasRemaining()) {
                            break;
                        }
                    }
                    return !rest.hasRemaining();
                }

                @Override
                public long written() {
                    return rest.position();
                }

                @Override
                public void close() {}
            };
        }
    }

    /**
     * A body read from a file.
     *
     * @param name the file's name in messages
     * @param length the file's size when the request was made; the request declares it
     */
    record FromFile(String name, Path path, long length) implements RequestBody {

        public static FromFile of(String name, Path path) throws IOException {
            return new FromFile(name, path, Files.size(path));
        }

        @Override
        public String contentType() {
            return "application/octet-stream";
        }

        @Override
        public Sending open() throws LocalFileException {
            return new FileSending(this);
        }
    }

    /** Bodies one after the other. Each is opened when its turn comes. */
    record Sequence(List<RequestBody> pieces, String contentType) implements RequestBody {

        @Override
        public long length() {
            return pieces.stream().mapToLong(RequestBody::length).sum();
        }

        @Override
        public Sending open() {
            return new SequenceSending(pieces);
        }
    }

    /** Sends one body after the other. */
    final class SequenceSending implements Sending {

        private final List<RequestBody> pieces;
        private int next;
        private long before;
        private volatile Sending current;
        private volatile boolean closed;

        SequenceSending(List<RequestBody> pieces) {
            this.pieces = pieces;
        }

        @Override
        public boolean writeTo(DataStreamChannel channel) throws IOException {
            long end = written() + TURN;
            while (written() < end) {
                if (current == null) {
                    current = pieces.get(next++).open();
                    if (closed) { // by another thread, which may have found nothing to close
                        current.close();
                    }
                }
                if (!current.writeTo(channel)) {
                    return false;
                }
                if (next == pieces.size()) {
                    return true;
                }
                before += current.written();
                current.close();
                current = null;
            }
            return false;
        }

        @Override
        public long written() {
            Sending open = current;
            return before + (open == null ? 0 : open.written());
        }

        @Override
        public void close() {
            closed = true;
            Sending open = current;
            if (open != null) {
                open.close();
            }
        }
    }

    /** Sends a file piece by piece. */
    final class FileSending implements Sending {

        private final FromFile body;
        private final FileChannel file;
        private final ByteBuffer piece = ByteBuffer.allocate(PIECE).limit(0);
        private long unread;

        FileSending(FromFile body) throws LocalFileException {
            this.body = body;
            this.unread = body.length();
            try {
                this.file = FileChannel.open(body.path(), LinkOption.NOFOLLOW_LINKS);
            } catch (IOException e) {
                throw unreadable(e);
            }
            boolean ready = false;
            try {
                // when the plan was made, the path had no links: it must not have any now
                if (!body.path().toRealPath().equals(body.path())) {
                    throw new IOException("its path contains a link now");
                }
                checkSize(file.size());
                ready = true;
            } catch (LocalFileException e) {
                throw e;
            } catch (IOException e) {
                throw unreadable(e);
            } finally {
                if (!ready) {
                    close();
                }
            }
        }

        private LocalFileException unreadable(IOException cause) {
            return new LocalFileException("can't read '" + MessageText.line(body.name()) + "'", cause);
        }

        @Override
        public boolean writeTo(DataStreamChannel channel) throws IOException {
            long end = written() + TURN;
            while (written() < body.length()) {
                if (written() >= end) {
                    return false;
                }
                if (!piece.hasRemaining()) {
                    readPiece();
                }
                channel.write(piece);
                if (piece.hasRemaining()) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public long written() {
            return body.length() - unread - piece.remaining();
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                // it was only read
            }
        }

        private void readPiece() throws LocalFileException {
            piece.clear().limit((int) Math.min(PIECE, unread));
            long end = body.length();
            try {
                int read = file.read(piece);
                unread -= Math.max(0, read);
                if (read < 0 || unread == 0) {
                    end = read < 0 ? body.length() - unread : file.size();
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
            checkSize(end);
            piece.flip();
        }

        /** Checks the size. The request has declared the earlier size, and a part of another version is useless. */
        private void checkSize(long size) throws LocalFileException {
            if (size != body.length()) {
                throw new LocalFileException("can't send '" + MessageText.line(body.name()) + "': its size has changed from "
                        + body.length() + " to " + size + " bytes meanwhile");
            }
        }
    }
}
