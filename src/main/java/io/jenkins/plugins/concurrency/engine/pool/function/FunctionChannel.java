package io.jenkins.plugins.concurrency.engine.pool.function;

import io.jenkins.plugins.concurrency.engine.process.DetachedProcess;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where a function's JVM reads requests and writes answers. With a POSIX shell these are not the descriptors 0 and 1:
 * processes that a function starts inherit those, and native code prints to them. The shell that becomes the JVM moves
 * them. The JVM gets an empty standard input, and its standard output goes to its standard error.
 *
 * @param starter the beginning of the JVM's command line
 * @param requests a descriptor's number, or the file that requests are appended to
 * @param answers a descriptor's number
 */
public record FunctionChannel(List<String> starter, String requests, String answers) {

    /** A shell script. It moves the descriptors and becomes the given command, in a locale that has more than ASCII. */
    public static final String SCRIPT = DetachedProcess.NOT_ONLY_ASCII + "exec \"$@\" 3<&0 4>&1 </dev/null >&2\n";

    /** The channel on standard input and output, if there is no POSIX shell. */
    public static FunctionChannel standard() {
        return new FunctionChannel(List.of(), "0", "1");
    }

    /** @param starter the command line of a shell that runs {@link #SCRIPT} */
    public static FunctionChannel moved(String... starter) {
        return new FunctionChannel(List.of(starter), "3", "4");
    }

    /** The same channel, but requests are read from a file. */
    public FunctionChannel from(String file) {
        return new FunctionChannel(starter, file, answers);
    }

    /** @param name a descriptor's number, or the file that requests are appended to */
    static InputStream requests(String name) throws IOException {
        return isNumber(name) ? new FileInputStream(descriptor(name)) : new FollowedFile(Path.of(name));
    }

    static OutputStream answers(String number) throws IOException {
        return new FileOutputStream(descriptor(number));
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(Character::isDigit);
    }

    /**
     * Uses reflection on {@code java.io}; workers need that package open anyway. To open {@code /dev/fd/3} would open
     * the pipe anew, and a process in a container may lack the permission for that.
     */
    private static FileDescriptor descriptor(String number) throws IOException {
        try {
            Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(Integer.parseInt(number));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("this Java has no way to descriptor " + number, e);
        }
    }

    /**
     * Reads a file that grows. Waits for more data at its end. Ends when the file is removed. It is for places where a
     * process has no standard input, such as {@code docker exec}, but where both sides share a folder.
     */
    private static final class FollowedFile extends InputStream {

        private static final long LOOK_MILLIS = 5;

        private final Path file;
        private final InputStream in;

        FollowedFile(Path file) throws IOException {
            this.file = file;
            this.in = Files.newInputStream(file);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (true) {
                boolean there = Files.exists(file);
                int read = in.read(bytes, offset, length);
                if (read >= 0 || !there) {
                    return read;
                }
                try {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
