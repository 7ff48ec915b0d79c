package io.jenkins.plugins.concurrency.bench.peer;

import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.bench.process.Programs;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import io.jenkins.plugins.concurrency.bench.race.CommandContender;
import io.jenkins.plugins.concurrency.bench.race.CommandContender.Clock;
import io.jenkins.plugins.concurrency.bench.race.Drop;
import io.jenkins.plugins.concurrency.bench.race.Entry;
import io.jenkins.plugins.concurrency.bench.race.Race;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Adds the programs that people run much small work with to a race. */
public final class PoolPeers {

    private final Race race;
    private final Scratch scratch;
    private final Children children;

    public PoolPeers(Race race, Scratch scratch, Children children) {
        this.race = race;
        this.scratch = scratch;
        this.children = children;
    }

    /** {@code xargs -P}: a process for each input, without a shell. */
    public Entry xargs(int workers, int count, String command) throws IOException {
        return add("xargs -P" + workers, Programs.find("xargs"), Clock.WHOLE_PROCESS,
                "--arg-file=" + inputs(count), "-P" + workers, "-n1", command);
    }

    /** GNU parallel. */
    public Entry parallel(int workers, int count, String command) throws IOException {
        // it keeps files about the machine, which belong to nobody's home directory here
        String home = "PARALLEL_HOME=" + scratch.directory("parallel-home");
        Optional<Path> env = Programs.find("parallel").flatMap(installed -> Programs.find("env"));
        return add("parallel -j" + workers, env, Clock.WHOLE_PROCESS, home, "parallel",
                "--will-cite", "-j" + workers, "--arg-file", inputs(count).toString(), command);
    }

    /**
     * Python's {@code ProcessPoolExecutor.map} with {@code chunksize=1}.
     *
     * @param function of the script
     */
    public Entry processPool(int workers, String function, int input, int count) throws IOException {
        return add("ProcessPoolExecutor(" + workers + ")", Programs.python("concurrent.futures"), Clock.PRINTED,
                Scripts.extract("process_pool.py", scratch).toString(),
                Integer.toString(workers), function, Integer.toString(input), Integer.toString(count));
    }

    private Path inputs(int count) throws IOException {
        return Files.write(scratch.file("inputs"), IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }

    private Entry add(String name, Optional<Path> program, Clock clock, String... arguments) {
        return race.addPeer(
                name,
                program.map(path -> {
                    List<String> command = new ArrayList<>(List.of(path.toString()));
                    command.addAll(List.of(arguments));
                    return new CommandContender(name, command, clock, new Drop.Nowhere(), children, scratch);
                }),
                "not installed");
    }
}
