package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The first build of a job as it is on the controller's disk, whether there is a controller or not. Its script uses
 * one step that makes a run.
 *
 * @param directory the build directory
 */
record BuildRecord(Path directory) {

    private static final String END = "Finished: ";

    /** What Jenkins hides between escape sequences. */
    private static final Pattern NOTE = Pattern.compile("\u001B\\[8m.*?\u001B\\[0m");

    static BuildRecord of(File jenkinsHome, String job) {
        return new BuildRecord(jenkinsHome.toPath().resolve("jobs").resolve(job).resolve("builds/1"));
    }

    /** Waits until the step has begun. */
    String awaitRunId() throws Exception {
        Wait.until("a run in " + directory, this::hasRun);
        return runs().get(0).directory().getFileName().toString();
    }

    /** Whether the step has begun; what is to be done may be deleted again when it has been done. */
    boolean hasRun() throws IOException {
        return runs().stream().anyMatch(run -> Files.exists(run.spec()) || Files.exists(run.journal()));
    }

    /** Waits until it is written down that the step was told to stop: Jenkins tells it some time after it was asked to. */
    void awaitStopped() throws Exception {
        RunFiles run = runs().get(0);
        Wait.until("the stop of " + run.directory(), () -> Files.exists(run.cancel()));
    }

    private List<RunFiles> runs() throws IOException {
        Path runs = directory.resolve("concurrency");
        if (!Files.exists(runs)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(runs)) {
            return directories.filter(Files::isDirectory).map(RunFiles::new).toList();
        }
    }

    /** What people see of the log. */
    String log() throws IOException {
        return NOTE.matcher(String.join("\n", Wait.lines(directory.resolve("log")))).replaceAll("");
    }

    void assertLogContains(String text) throws IOException {
        assertTrue("'" + text + "' is in\n" + log(), log().contains(text));
    }

    /** Waits until the build is over, and expects a result. */
    void assertEnd(String result) throws Exception {
        Wait.until("the end of a build with the log\n" + log(), () -> result() != null);
        assertEquals("the result of a build with the log\n" + log(), result, result());
    }

    private String result() throws IOException {
        return Wait.lines(directory.resolve("log")).stream()
                .filter(line -> line.startsWith(END))
                .map(line -> line.substring(END.length()))
                .findFirst()
                .orElse(null);
    }

    /** The branches in the controller's journal, in the order of their ends, each as often as it stands there. */
    List<JsonObject> branches() throws IOException {
        List<JsonObject> branches = new ArrayList<>();
        for (RunFiles run : runs()) {
            for (String line : Wait.lines(run.journal())) {
                JsonObject entry = JsonObject.parse(line);
                if (entry.has("index")) {
                    branches.add(entry);
                }
            }
        }
        return branches;
    }

    /** Waits until the controller knows of so many branches. */
    void awaitBranches(int ended) throws Exception {
        Wait.until(ended + " branches in " + directory, () -> {
            boolean over = result() != null;
            boolean there = branches().size() >= ended;
            assertTrue("the build went on\n" + log(), there || !over);
            return there;
        });
    }

    /** The branches' indexes, sorted; one that stands here twice was accounted for twice. */
    List<Integer> indexes() throws IOException {
        List<Integer> indexes = new ArrayList<>();
        for (JsonObject branch : branches()) {
            indexes.add(branch.integer("index"));
        }
        return indexes.stream().sorted().toList();
    }

    /** How often a status stands in the journal. */
    int count(String status) throws IOException {
        int count = 0;
        for (JsonObject branch : branches()) {
            if (branch.string("status").equals(status)) {
                count++;
            }
        }
        return count;
    }
}
