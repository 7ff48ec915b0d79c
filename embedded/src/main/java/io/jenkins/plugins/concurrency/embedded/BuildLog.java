package io.jenkins.plugins.concurrency.embedded;

import hudson.model.BuildListener;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** A build's log: on the console and in the build directory. Thread safe; lines are written whole. */
final class BuildLog implements BuildListener, Closeable {

    private static final long serialVersionUID = 1L;

    private final transient PrintStream logger;

    BuildLog(OutputStream console, File file) throws IOException {
        OutputStream log = Files.newOutputStream(file.toPath());
        this.logger = new PrintStream(new Tee(console, log), true, StandardCharsets.UTF_8);
    }

    @Override
    public PrintStream getLogger() {
        return logger;
    }

    @Override
    public void close() {
        logger.close();
    }

    private Object writeReplace() {
        return Wire.reference(this);
    }

    /** Writes to both; closes the second only. */
    private static final class Tee extends OutputStream {
        private final OutputStream console;
        private final OutputStream file;

        Tee(OutputStream console, OutputStream file) {
            this.console = console;
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(bytes, offset, length);
            console.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            console.flush();
        }

        @Override
        public void close() throws IOException {
            console.flush();
            file.close();
        }
    }
}
