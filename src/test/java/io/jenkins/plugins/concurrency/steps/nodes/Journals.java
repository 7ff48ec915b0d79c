package io.jenkins.plugins.concurrency.steps.nodes;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;

/** What the journals of a build say. */
final class Journals {

    private Journals() {}

    /** The branches in the build's journal, in the order of their ends. */
    static List<JsonObject> branches(WorkflowRun build) throws Exception {
        List<JsonObject> branches = new ArrayList<>();
        Path runs = build.getRootDir().toPath().resolve("concurrency");
        try (Stream<Path> directories = Files.list(runs)) {
            for (Path run : directories.toList()) {
                Path journal = run.resolve("journal.ndjson");
                for (String line : Files.exists(journal) ? Files.readAllLines(journal) : List.<String>of()) {
                    JsonObject entry = JsonObject.parse(line);
                    if (entry.has("index")) {
                        branches.add(entry);
                    }
                }
            }
        }
        return branches;
    }

    static void assertEachOnce(int total, WorkflowRun build) throws Exception {
        List<Integer> indexes = new ArrayList<>();
        for (JsonObject branch : branches(build)) {
            indexes.add(branch.integer("index"));
        }
        assertEquals(
                IntStream.range(0, total).boxed().toList(),
                indexes.stream().sorted().toList());
    }

    static Map<String, Integer> byNode(WorkflowRun build) throws Exception {
        Map<String, Integer> counts = new HashMap<>();
        for (JsonObject branch : branches(build)) {
            counts.merge(branch.object("details").string("node"), 1, Integer::sum);
        }
        return counts;
    }
}
