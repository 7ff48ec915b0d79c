package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.remoting.Callable;
import hudson.remoting.Future;
import hudson.remoting.LocalChannel;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.FileFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import jenkins.agents.ControllerToAgentCallable;
import jenkins.model.Jenkins;
import org.jenkinsci.remoting.RoleSensitive;

/**
 * A file or directory on an agent. Here every agent is this machine, but what is sent with {@link #act} is serialized
 * on its way, as it would be to an agent. Immutable and thread safe.
 */
public final class FilePath implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The channel to this process. */
    public static final LocalChannel localChannel = new LocalChannel(Computer.threadPoolForRemoting);

    private final String remote;

    public FilePath(@CheckForNull VirtualChannel channel, String remote) {
        this.remote = normalize(remote);
    }

    public FilePath(File localPath) {
        this(localChannel, localPath.getPath());
    }

    /** @param rel relative to the base, or absolute */
    public FilePath(FilePath base, String rel) {
        this(localChannel, base.local().resolve(rel).toString());
    }

    /** Removes {@code .}, {@code ..} and repeated separators. */
    public static String normalize(String path) {
        String normal = Path.of(path).normalize().toString();
        return normal.isEmpty() ? "." : normal;
    }

    private Path local() {
        return Path.of(remote);
    }

    public String getRemote() {
        return remote;
    }

    public VirtualChannel getChannel() {
        return localChannel;
    }

    public @CheckForNull Computer toComputer() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        return jenkins == null ? null : jenkins.getComputer("");
    }

    public String getName() {
        Path name = local().getFileName();
        return name == null ? remote : name.toString();
    }

    public @CheckForNull FilePath getParent() {
        Path parent = local().getParent();
        return parent == null ? null : new FilePath(localChannel, parent.toString());
    }

    public FilePath child(String relOrAbsolute) {
        return new FilePath(this, relOrAbsolute);
    }

    public @CheckForNull FilePath sibling(String rel) {
        FilePath parent = getParent();
        return parent == null ? null : parent.child(rel);
    }

    /** Code that works on a file where the file is. */
    public interface FileCallable<T> extends Serializable, RoleSensitive {
        T invoke(File f, VirtualChannel channel) throws IOException, InterruptedException;
    }

    /** Runs the code where the file is and waits for its result. */
    public <T> T act(FileCallable<T> callable) throws IOException, InterruptedException {
        return localChannel.call(asCallableWith(callable));
    }

    /** Runs the code where the file is without waiting. */
    public <T> Future<T> actAsync(FileCallable<T> callable) throws IOException, InterruptedException {
        return localChannel.callAsync(asCallableWith(callable));
    }

    public <V> Callable<V, IOException> asCallableWith(FileCallable<V> task) {
        return new OnFile<>(task, remote);
    }

    private static final class OnFile<V> implements ControllerToAgentCallable<V, IOException> {
        private static final long serialVersionUID = 1L;
        private final FileCallable<V> task;
        private final String path;

        OnFile(FileCallable<V> task, String path) {
            this.task = task;
            this.path = path;
        }

        @Override
        public V call() throws IOException {
            try {
                return task.invoke(new File(path), localChannel);
            } catch (InterruptedException e) {
                return OnFile.<V, RuntimeException>rethrow(e);
            }
        }

        /** {@link Callable#call} can declare one type of exception, and {@link FilePath#act} also throws this one. */
        @SuppressWarnings("unchecked")
        private static <V, E extends Throwable> V rethrow(Throwable failure) throws E {
            throw (E) failure;
        }
    }

    public void mkdirs() throws IOException, InterruptedException {
        Files.createDirectories(local());
    }

    public boolean exists() throws IOException, InterruptedException {
        return Files.exists(local());
    }

    public boolean delete() throws IOException, InterruptedException {
        Files.deleteIfExists(local());
        return true;
    }

    public void deleteRecursive() throws IOException, InterruptedException {
        Util.deleteRecursive(local().toFile());
    }

    public void deleteContents() throws IOException, InterruptedException {
        Util.deleteContentsRecursive(local().toFile());
    }

    /** The size in bytes, 0 if there is no such file. */
    public long length() throws IOException, InterruptedException {
        return local().toFile().length();
    }

    /** When the file was changed, in milliseconds since 1970, 0 if there is no such file. */
    public long lastModified() throws IOException, InterruptedException {
        return local().toFile().lastModified();
    }

    /** Sets the permissions, as in {@code 0755}, where the file system has any. */
    public void chmod(int mask) throws IOException, InterruptedException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mask & 1 << all.length - 1 - i) != 0) {
                permissions.add(all[i]);
            }
        }
        if (Files.getFileStore(local()).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(local(), permissions);
        }
    }

    /** The permissions, or -1 where the file system has none. */
    public int mode() throws IOException, InterruptedException {
        if (!Files.getFileStore(local()).supportsFileAttributeView("posix")) {
            return -1;
        }
        return Files.getPosixFilePermissions(local()).stream()
                .mapToInt(permission -> 1 << PosixFilePermission.values().length - 1 - permission.ordinal())
                .sum();
    }

    public List<FilePath> list() throws IOException, InterruptedException {
        return list((FileFilter) null);
    }

    public List<FilePath> list(FileFilter filter) throws IOException, InterruptedException {
        List<FilePath> children = new ArrayList<>();
        File[] files = local().toFile().listFiles(filter);
        if (files != null) {
            for (File file : files) {
                children.add(new FilePath(file));
            }
        }
        return children;
    }

    public InputStream read() throws IOException, InterruptedException {
        return Files.newInputStream(local());
    }

    public String readToString() throws IOException, InterruptedException {
        return Files.readString(local(), Charset.defaultCharset());
    }

    /** Replaces the file, whose parent directories are made if need be. */
    public OutputStream write() throws IOException, InterruptedException {
        makeParent();
        return Files.newOutputStream(local());
    }

    /** @param encoding null for the platform's */
    public void write(String content, String encoding) throws IOException, InterruptedException {
        makeParent();
        Files.writeString(local(), content, encoding == null ? Charset.defaultCharset() : Charset.forName(encoding));
    }

    private void makeParent() throws IOException {
        Path parent = local().toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }

    public void copyFrom(InputStream in) throws IOException, InterruptedException {
        try (OutputStream out = write()) {
            in.transferTo(out);
        }
    }

    public void copyFrom(FilePath src) throws IOException, InterruptedException {
        src.copyTo(this);
    }

    public void copyTo(FilePath target) throws IOException, InterruptedException {
        try (InputStream in = read()) {
            target.copyFrom(in);
        }
    }

    public void copyToWithPermission(FilePath target) throws IOException, InterruptedException {
        Files.copy(local(), target.local(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    public void renameTo(FilePath target) throws IOException, InterruptedException {
        Files.move(local(), target.local(), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether the relative path, links resolved where they exist, stays within this directory. */
    public boolean isDescendant(String potentialChildRelativePath) throws IOException, InterruptedException {
        if (Path.of(potentialChildRelativePath).isAbsolute()) {
            throw new IllegalArgumentException("Not a relative path: " + potentialChildRelativePath);
        }
        Path child = local().resolve(potentialChildRelativePath).normalize();
        if (!child.startsWith(local())) {
            return false;
        }
        Path existing = child;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing == null || existing.toRealPath().startsWith(local().toRealPath())
                || !existing.startsWith(local());
    }

    public Launcher createLauncher(TaskListener listener) throws IOException, InterruptedException {
        return new Launcher.LocalLauncher(listener, localChannel);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FilePath that && remote.equals(that.remote);
    }

    @Override
    public int hashCode() {
        return Objects.hash(remote);
    }

    @Override
    public String toString() {
        return remote;
    }
}
