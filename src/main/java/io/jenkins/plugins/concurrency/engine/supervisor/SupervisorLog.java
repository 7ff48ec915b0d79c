package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.mask.MaskedStream;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The standard error of a supervisor. It goes into the logs of all its runs, because nobody knows which run it is
 * about. The secrets of all runs are hidden in it. Thread-safe.
 */
public final class SupervisorLog extends OutputStream {

    private static final Pattern PICKED_UP = Pattern.compile("^(NOTE: )?Picked up \\w*OPTIONS: .*\\R?", Pattern.MULTILINE);

    /** A run's log, and the run's secrets. */
    private record Target(OutputStream file, List<String> secrets) {}

    /** The original standard error, for output while there is no run. */
    private OutputStream started = new FileOutputStream(FileDescriptor.err);

    /** By their runs. Guarded by this. */
    private final Map<RunFiles, Target> targets = new HashMap<>();

    /** Hides secrets, line by line. When it is closed, it writes what it still has. Guarded by this. */
    private MaskedStream masked = new MaskedStream(new Everywhere(), SecretMask.NONE);

    /**
     * The end of the output of a run's supervisors. Leaves out what their JVM always prints if an administrator gives
     * it options in the environment.
     */
    public static String read(RunFiles files) throws IOException {
        return Files.exists(files.log())
                ? PICKED_UP.matcher(OutputTail.read(files.log(), OutputTail.MAX_BYTES).text()).replaceAll("")
                : "";
    }

    /** Replaces the standard error of this process. */
    static SupervisorLog install() {
        SupervisorLog log = new SupervisorLog();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        return log;
    }

    /** Writes also to the log of this run from now on. */
    synchronized void open(RunFiles files) throws IOException {
        OutputStream file =
                Files.newOutputStream(files.log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        masked.close();
        targets.put(files, new Target(file, List.of()));
    }

    /** Hides a run's secrets, in all logs. */
    synchronized void hide(RunFiles files, List<String> secrets) throws IOException {
        masked.close();
        targets.computeIfPresent(files, (key, target) -> new Target(target.file, secrets));
        mask();
    }

    /** Writes to the log of one run, even if it is not open. */
    synchronized void log(RunFiles files, String text) {
        byte[] line = (text.strip() + '\n').getBytes(StandardCharsets.UTF_8);
        Target target = targets.get(files);
        try {
            if (target == null) {
                Files.write(files.log(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } else {
                MaskedStream out = new MaskedStream(target.file, SecretMask.of(target.secrets));
                out.write(line);
                out.close();
            }
        } catch (IOException e) {
            System.err.println(FailureText.of(e));
        }
    }

    /** Closes the run's log, and forgets the run's secrets. */
    synchronized void close(RunFiles files) throws IOException {
        masked.close();
        Target target = targets.remove(files);
        if (target != null) {
            mask();
            target.file.close();
        }
    }

    private void mask() {
        List<String> secrets = new ArrayList<>();
        targets.values().forEach(target -> secrets.addAll(target.secrets));
        masked = new MaskedStream(new Everywhere(), SecretMask.of(secrets));
    }

    /**
     * Closes the file of the process that started this one, so that the file can be removed. The standard streams have
     * no effect afterwards.
     */
    synchronized void closeStartFile() throws IOException {
        started.close();
        started = OutputStream.nullOutputStream();
        new FileOutputStream(FileDescriptor.out).close();
    }

    @Override
    public synchronized void write(int b) throws IOException {
        masked.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        masked.write(bytes, offset, length);
    }

    /** The logs of all runs. */
    private final class Everywhere extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (SupervisorLog.this) {
                if (targets.isEmpty()) {
                    started.write(bytes, offset, length);
                }
                for (Target target : targets.values()) {
                    try {
                        target.file.write(bytes, offset, length);
                    } catch (IOException e) {
                        // the disk of one log may be full; the logs of other runs may be elsewhere
                    }
                }
            }
        }
    }
}
