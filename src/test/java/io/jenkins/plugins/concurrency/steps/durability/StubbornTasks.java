package io.jenkins.plugins.concurrency.steps.durability;

import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tasks that don't end when they are asked to, and that leave their process trees. */
final class StubbornTasks {

    private static final Map<String, String> SCRIPTS = new LinkedHashMap<>();

    static {
        SCRIPTS.put("patient", "echo patient >> began; sleep 1000");
        SCRIPTS.put("ignoring", "trap '' TERM; echo ignoring >> began; while :; do sleep 1000; done");
        SCRIPTS.put("forking", "(sleep 1000 & sleep 1000 & echo fork >> began; wait) & (sleep 1000 &); wait");
        SCRIPTS.put(
                "daemonizing",
                "setsid sh -c 'trap \"\" TERM; echo daemon >> began; sleep 1000' > /dev/null 2>&1 < /dev/null & wait");
        SCRIPTS.put("leaving", "setsid sh -c 'echo left >> began; exec sleep 1000' > /dev/null 2>&1 < /dev/null &");
    }

    static final int COUNT = SCRIPTS.size();

    /** Those that go on until they are made to end; the last one succeeds and leaves a process behind. */
    static final int STUBBORN = COUNT - 1;

    private StubbornTasks() {}

    /**
     * Writes the tasks' scripts.
     *
     * @param folder made by this
     * @return a step that runs all of them at once
     */
    static String step(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> tasks = new ArrayList<>();
        for (Map.Entry<String, String> script : SCRIPTS.entrySet()) {
            Path file = folder.resolve(script.getKey() + ".sh");
            Files.writeString(file, "cd " + folder + "\n" + script.getValue() + "\n");
            tasks.add(script.getKey() + ": 'exec sh " + file + "'");
        }
        return "cpuPool tasks: " + tasks + ", workers: " + COUNT;
    }

    /**
     * Waits until all tasks are there and the controller knows of the one that has ended.
     *
     * @return the run's id
     */
    static String awaitBegun(BuildRecord build, Path folder) throws Exception {
        Await.until("all tasks in " + folder, () -> Await.lines(folder.resolve("began")).size() == COUNT);
        build.awaitBranches(1);
        return build.awaitRunId();
    }
}
