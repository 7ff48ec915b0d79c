package io.jenkins.plugins.concurrency.embedded;

import hudson.model.Result;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** Runs Jenkinsfiles in this process, with a home directory for each test. */
public final class Builds extends ExternalResource {

    private final TemporaryFolder folder = new TemporaryFolder();

    /** A build that has ended, or one that runs while {@link #result} is not done. */
    public record Build(EmbeddedRun run, ByteArrayOutputStream console, CompletableFuture<Result> result) {

        public Result end() {
            return result.join();
        }

        /** The log, without the Pipeline's own annotations. */
        public List<String> log() {
            end();
            return all().lines().filter(line -> !line.startsWith("[Pipeline]")).collect(Collectors.toList());
        }

        /** What the script wrote: the log without its frame of "Started", "Running on" and "Finished". */
        public List<String> said() {
            return log().stream()
                    .filter(line -> !line.matches("(Started by user|Running on|Finished:) .*"))
                    .collect(Collectors.toList());
        }

        public String all() {
            return console.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    protected void before() throws IOException, InterruptedException {
        folder.create();
        Main.startJenkins(folder.newFolder("home"));
    }

    @Override
    protected void after() {
        folder.delete();
    }

    /** Where {@code node} works. */
    public Path workspace() {
        return folder.getRoot().toPath().resolve("workspace");
    }

    public Path home() {
        return folder.getRoot().toPath().resolve("home");
    }

    public Path write(String name, String text) throws IOException {
        Path file = folder.getRoot().toPath().resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Runs a script to its end. */
    public Build run(String script) {
        return run(script, Map.of());
    }

    public Build run(String script, Map<String, String> parameters) {
        Build build = start(script, parameters);
        build.end();
        return build;
    }

    /** Starts a script. */
    public Build start(String script, Map<String, String> parameters) {
        try {
            ByteArrayOutputStream console = new ByteArrayOutputStream();
            File workspace = workspace().toFile();
            EmbeddedRun run = EmbeddedRun.create(write("test.Jenkinsfile", script), parameters, workspace, console);
            CompletableFuture<Result> result = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return run.execute();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task, "build").start());
            return new Build(run, console, result);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
