package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds processes with a cookie or in a process group, whatever their parents are. It uses {@code /proc} on Linux. On
 * other systems it finds nothing. For one thread at a time.
 */
public final class ProcessSearch {

    private enum Answer {
        YES,
        NO,
        /** It may have been one, and may have started another one after the system had made its list. */
        UNKNOWN
    }

    /**
     * The result of one look.
     *
     * @param found the running processes, without this one
     * @param complete whether there were no others at the beginning of the look. After a complete look without a result
     *     no other look is needed, however slow the machine is.
     */
    record Scan(Set<ProcessHandle> found, boolean complete) {}

    /**
     * A process that is older and has no cookie gets none later. A younger one may be a fork that has not become
     * another program yet, on a slow machine.
     */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private final Predicate<byte[]> marked;
    private final Duration young;
    private final Set<Long> groups = new HashSet<>();

    /**
     * Old processes that are not meant and were listed by each look since. They are not asked again: beside others that
     * start and end all the time, a look is only complete if it is fast.
     */
    private final Set<Long> others = new HashSet<>();

    /** When the youngest of the others was started. */
    private long newestMillis;

    /** Zombies of the last look. They have started nothing since. */
    private Set<Long> ended = Set.of();

    /**
     * @param marked whether an environment, in the form of the system, has the cookie
     * @param leaders of groups
     */
    ProcessSearch(Predicate<byte[]> marked, Collection<ProcessHandle> leaders) {
        this(marked, leaders, YOUNG);
    }

    /** @param young how old a process may be that is asked again by each look */
    ProcessSearch(Predicate<byte[]> marked, Collection<ProcessHandle> leaders, Duration young) {
        this.marked = marked;
        this.young = young;
        leaders.forEach(leader -> groups.add(leader.pid()));
    }

    /**
     * @param each called at once with each process: a moment later it may be gone, and its id may belong to another
     *     process
     */
    Scan scan(Consumer<ProcessHandle> each) {
        Set<ProcessHandle> found = new LinkedHashSet<>();
        boolean complete = true;
        Set<Long> nowEnded = new HashSet<>();
        List<Long> listed = listed();
        others.retainAll(Set.copyOf(listed)); // an id that was free may belong to another process now
        for (long pid : listed) {
            Answer answer = others.contains(pid) ? Answer.NO : ask(pid, nowEnded);
            Optional<ProcessHandle> process = answer == Answer.YES ? ProcessHandle.of(pid) : Optional.empty();
            process.ifPresent(each);
            process.ifPresent(found::add);
            complete &= answer == Answer.NO || process.isPresent();
        }
        ended = nowEnded;
        return new Scan(found, complete);
    }

    /** Asks all again: after a while, the id of an old process may belong to another one. */
    void forget() {
        others.clear();
    }

    /** Whether a process is running. A process that has ended may still be listed. */
    public static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** The youngest first, because these may be gone in a moment. */
    private static List<Long> listed() {
        String[] names = Files.isDirectory(Path.of("/proc/self")) ? Path.of("/proc").toFile().list() : null;
        if (names == null) {
            return List.of();
        }
        long self = ProcessHandle.current().pid();
        return Arrays.stream(names)
                .filter(name -> name.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(Long::valueOf)
                .filter(pid -> pid != self)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private Answer ask(long pid, Set<Long> nowEnded) {
        try {
            byte[] environment = Files.readAllBytes(file(pid, "environ"));
            if (marked.test(environment)) {
                return Answer.YES;
            }
            ProcessStat stat = ProcessStat.of(pid);
            Answer answer = askForGroup(pid, stat, nowEnded);
            if (answer == Answer.NO && environment.length > 0 && stat != null && isOld(stat)) {
                others.add(pid);
            }
            // While a process becomes another program, it has no environment for a moment, and no arguments either.
            boolean becomesAnother = answer == Answer.NO
                    && environment.length == 0
                    && Files.readAllBytes(file(pid, "cmdline")).length == 0
                    && ProcessHandle.of(pid).filter(ProcessSearch::isRunning).isPresent();
            return becomesAnother ? Answer.UNKNOWN : answer;
        } catch (IOException e) {
            return askForGroup(pid, ProcessStat.of(pid), nowEnded); // gone meanwhile, or another user's
        }
    }

    /** In a container, the system may have been running for longer than it says. The youngest process is as good. */
    private boolean isOld(ProcessStat stat) {
        newestMillis = Math.max(newestMillis, stat.startMillis());
        return stat.startMillis() <= newestMillis - young.toMillis();
    }

    private Answer askForGroup(long pid, @CheckForNull ProcessStat stat, Set<Long> nowEnded) {
        if (stat == null) {
            return Files.exists(Path.of("/proc", Long.toString(pid))) ? Answer.NO : Answer.UNKNOWN;
        }
        if (stat.hasEnded()) {
            nowEnded.add(pid);
            return ended.contains(pid) ? Answer.NO : Answer.UNKNOWN;
        }
        return groups.contains(stat.group()) ? Answer.YES : Answer.NO;
    }

    private static Path file(long pid, String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }
}
