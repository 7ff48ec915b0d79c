package io.jenkins.plugins.concurrency.bench.race;

import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.bench.process.CpuTime;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A peer that is a command. */
public final class CommandContender implements Contender {

    /** Where a command's time comes from. */
    public enum Clock {
        /** From its start to its end. */
        WHOLE_PROCESS,
        /** The command prints the seconds, without its own start and warm-up. */
        PRINTED
    }

    private final String name;
    private final List<String> command;
    private final Clock clock;
    private final Drop drop;
    private final Children children;
    private final Scratch scratch;

    public CommandContender(
            String name, List<String> command, Clock clock, Drop drop, Children children, Scratch scratch) {
        this.name = name;
        this.command = List.copyOf(command);
        this.clock = clock;
        this.drop = drop;
        this.children = children;
        this.scratch = scratch;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Lap run() throws IOException, InterruptedException {
        Path stdout = scratch.file("stdout");
        Path log = scratch.file("stderr");
        drop.prepare();
        try {
            double cpuBefore = CpuTime.ofChildren();
            double whole = children.run(command, stdout, log);
            double cpu = CpuTime.ofChildren() - cpuBefore;
            drop.check();
            return new Lap(
                    clock == Clock.WHOLE_PROCESS ? whole : Double.parseDouble(Files.readString(stdout).strip()), cpu);
        } finally {
            drop.empty();
            Files.deleteIfExists(stdout);
            Files.deleteIfExists(log);
        }
    }
}
