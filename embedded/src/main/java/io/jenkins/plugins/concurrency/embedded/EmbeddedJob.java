package io.jenkins.plugins.concurrency.embedded;

import hudson.model.Job;
import hudson.model.TopLevelItem;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;

/** The job that a Jenkinsfile makes, named after the file. Thread safe. */
public final class EmbeddedJob extends Job<EmbeddedJob, EmbeddedRun> implements TopLevelItem {

    private final Map<Integer, EmbeddedRun> builds = new ConcurrentHashMap<>();

    EmbeddedJob(Jenkins parent, String name) {
        super(parent, name);
    }

    /** The job of a Jenkinsfile, made when first asked for. */
    public static synchronized EmbeddedJob of(Path jenkinsfile) {
        Jenkins jenkins = Jenkins.get();
        String name = nameOf(jenkinsfile);
        EmbeddedJob job = jenkins.getItemByFullName(name, EmbeddedJob.class);
        if (job == null) {
            job = new EmbeddedJob(jenkins, name);
            jenkins.addEmbedded(job);
        }
        return job;
    }

    /** {@code web-scraper.Jenkinsfile} is web-scraper; a plain Jenkinsfile has the name of its folder. */
    static String nameOf(Path jenkinsfile) {
        String name = jenkinsfile.getFileName().toString().replaceFirst("(?i)\\.?(jenkinsfile|groovy)$", "");
        if (name.isEmpty()) {
            Path folder = jenkinsfile.toAbsolutePath().normalize().getParent();
            name = folder.getFileName() == null ? "" : folder.getFileName().toString();
        }
        name = name.replaceAll("[^A-Za-z0-9._-]+", "-");
        return name.isEmpty() ? "pipeline" : name;
    }

    void add(EmbeddedRun run) {
        builds.put(run.getNumber(), run);
    }

    /** Takes the next number and makes its build directory; other processes may do the same at the same time. */
    synchronized int takeNumber() throws IOException {
        Path directory = getBuildDir().toPath();
        Files.createDirectories(directory);
        for (int number = highestNumber() + 1; ; number++) {
            try {
                Files.createDirectory(directory.resolve(Integer.toString(number)));
                return number;
            } catch (FileAlreadyExistsException e) {
                // Another process was faster.
            }
        }
    }

    private int highestNumber() {
        String[] names = getBuildDir().list();
        return names == null
                ? 0
                : Arrays.stream(names).filter(name -> name.matches("\\d{1,9}")).mapToInt(Integer::parseInt).max().orElse(0);
    }

    @Override
    public boolean isBuildable() {
        return true;
    }

    @Override
    public EmbeddedRun getBuildByNumber(int n) {
        return builds.get(n);
    }

    @Override
    public EmbeddedRun getLastBuild() {
        return builds.keySet().stream().max(Integer::compare).map(builds::get).orElse(null);
    }

    /** Where its last build works. */
    public File workspace() {
        EmbeddedRun last = getLastBuild();
        return last == null ? defaultWorkspace() : last.workspace();
    }

    /** Where builds work unless told otherwise. */
    File defaultWorkspace() {
        return new File(new File(Jenkins.get().getRootDir(), "workspace"), getName());
    }
}
