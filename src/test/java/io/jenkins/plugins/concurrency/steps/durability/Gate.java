package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** A folder where commands say that they have begun, wait to be let through, and say that they have ended. */
final class Gate {

    private final Path folder;

    /** @param folder made by this */
    Gate(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** A template for {@code cpuPool}; each of its commands appends its input to two files. */
    String command() {
        return "echo {} >> " + began() + "; until test -e " + folder.resolve("open") + " -o -e "
                + folder.resolve("open-") + "{}; do sleep 0.1; done; echo {} >> " + ended();
    }

    private Path began() {
        return folder.resolve("began");
    }

    private Path ended() {
        return folder.resolve("ended");
    }

    void open() throws IOException {
        Files.createFile(folder.resolve("open"));
    }

    /** Lets through the commands of one input. */
    void open(int input) throws IOException {
        Files.createFile(folder.resolve("open-" + input));
    }

    /** Waits until so many commands have begun, repetitions included. */
    void awaitBegun(int commands) throws Exception {
        Await.until(commands + " begun: " + this, () -> begunInputs().size() >= commands);
    }

    void awaitEnded(int commands) throws Exception {
        Await.until(commands + " ended: " + this, () -> endedInputs().size() >= commands);
    }

    List<String> begunInputs() throws IOException {
        return Await.lines(began());
    }

    /** What ended by itself, sorted; an input that stands here twice was worked on twice. */
    List<String> endedInputs() throws IOException {
        return Await.lines(ended()).stream().sorted().toList();
    }

    /** Each command of a pool was carried out once, and its branch accounted for once, with one attempt. */
    void assertEachOnce(BuildRecord build, int inputs) throws Exception {
        build.assertEnd("SUCCESS");
        List<Integer> ones = Collections.nCopies(inputs, 1);
        build.assertLogContains("ended " + inputs + " of " + inputs + ", attempts " + ones);
        assertWorkedOnOnce(build, inputs);
    }

    void assertWorkedOnOnce(BuildRecord build, int inputs) throws IOException {
        build.assertEachOnce(inputs);
        List<String> all = IntStream.rangeClosed(1, inputs).mapToObj(Integer::toString).sorted().toList();
        assertEquals("each was worked on once", all, endedInputs());
        assertEquals("each command began once", inputs, begunInputs().size());
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
