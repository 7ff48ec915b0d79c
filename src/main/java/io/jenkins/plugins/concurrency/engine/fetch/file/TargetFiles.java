package io.jenkins.plugins.concurrency.engine.fetch.file;

import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Resolves file names from users below the base directory, and ensures that none leads out of it, not even by symbolic
 * links. Thread-safe.
 */
public final class TargetFiles {

    private final Path base;
    private final DirectoryContainment containment;
    private final String runId;

    /**
     * @param runId a part of the names of temporary files. A run that is started again overwrites its own files. Two
     *     runs in one directory use different files
     */
    public TargetFiles(Path base, String runId) {
        this.base = base.toAbsolutePath().normalize();
        this.containment = new DirectoryContainment(this.base);
        this.runId = runId;
    }

    /**
     * The file to write to.
     *
     * @param index the index of the branch
     * @throws IllegalArgumentException if the file is not below the base directory
     * @throws IOException if the file system can't tell
     */
    public TargetFile target(String file, int index) throws IOException {
        String name = RelativePath.normalized("file", file);
        Path path = inside("file", name);
        return new TargetFile(name, path, path.resolveSibling("." + runId + "-" + index + ".part"), containment);
    }

    /**
     * The file to read, with symbolic links followed.
     *
     * @param parameter the parameter that messages name
     * @throws IllegalArgumentException if it is not below the base directory, or is no file
     * @throws IOException if the file system can't tell
     */
    public Path source(String parameter, String file) throws IOException {
        Path path = inside(parameter, RelativePath.normalized(parameter, file));
        if (!Files.isRegularFile(path)) {
            String what = Files.isDirectory(path) ? "is a directory" : Files.exists(path) ? "is not a file" : "does not exist";
            throw new IllegalArgumentException(parameter + " '" + MessageText.line(file) + "' " + what);
        }
        Path real = path.toRealPath();
        if (!containment.holds(real.getParent())) {
            throw leavesBase(parameter, file);
        }
        return real;
    }

    private Path inside(String parameter, String name) throws IOException {
        Path path = LocalPath.resolve(base, name).normalize();
        if (path.equals(base) || !path.startsWith(base)) {
            throw leavesBase(parameter, name);
        }
        if (!containment.holds(DirectoryContainment.nearestExisting(path.getParent()))) {
            throw leavesBase(parameter, name);
        }
        return path;
    }

    private IllegalArgumentException leavesBase(String parameter, String name) {
        return new IllegalArgumentException(
                parameter + " '" + MessageText.line(name) + "' leads out of the workspace " + base);
    }
}
