package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.mask.MaskedStream;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** What a supervisor says on its standard error, without secrets: it may be told to people. Goes to the run's own log. */
final class SupervisorLog extends OutputStream {

    /** Where the process that started this one has led it. */
    private final OutputStream started = new FileOutputStream(FileDescriptor.err);

    /** Guarded by this. */
    private OutputStream target = started;

    /** Takes the place of the standard error. */
    @NonNull
    static SupervisorLog install() {
        SupervisorLog log = new SupervisorLog();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        return log;
    }

    /** Hides what is secret in the log of the run that this process was started for. */
    synchronized void hide(@NonNull SecretMask mask) {
        target = masked(started, mask);
    }

    /** Goes on in the log of another run. */
    synchronized void continueIn(@NonNull RunFiles files, @NonNull SecretMask mask) throws IOException {
        target = masked(
                Files.newOutputStream(files.log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND), mask);
    }

    private static OutputStream masked(OutputStream out, SecretMask mask) {
        return mask == SecretMask.NONE ? out : new MaskedStream(out, mask);
    }

    /**
     * Leaves the run's log, so that its directory can be removed wherever it is. The system's own streams lead nowhere
     * when they have been closed.
     */
    synchronized void leave() throws IOException {
        target.close();
        target = OutputStream.nullOutputStream();
        new FileOutputStream(FileDescriptor.out).close();
    }

    @Override
    public synchronized void write(int b) throws IOException {
        target.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        target.write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        target.flush();
    }
}
