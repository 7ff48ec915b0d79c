package io.jenkins.plugins.concurrency.steps.durability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        Wait.until(commands + " begun: " + this, () -> begunInputs().size() >= commands);
    }

    void awaitEnded(int commands) throws Exception {
        Wait.until(commands + " ended: " + this, () -> endedInputs().size() >= commands);
    }

    List<String> begunInputs() throws IOException {
        return Wait.lines(began());
    }

    /** What ended by itself, sorted; an input that stands here twice was worked on twice. */
    List<String> endedInputs() throws IOException {
        return Wait.lines(ended()).stream().sorted().toList();
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
