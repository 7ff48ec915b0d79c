package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Waits for what other processes do, which can only be looked at. */
final class Wait {

    /** Far more than anything takes on a busy machine. */
    private static final Duration LIMIT = Duration.ofSeconds(180);

    private static final long LOOK_MILLIS = 10;

    private Wait() {}

    /** Something that becomes true. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Waits until something is so.
     *
     * @param event for people
     * @return how long that took
     */
    static Duration until(String event, Condition condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError("waited " + LIMIT.toSeconds() + " s in vain: " + event);
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /**
     * Fails if something took longer than promised. The promise is one for machines that are not overloaded: where more
     * than four processes compete for each processor, everything takes as many times longer.
     */
    static void assertWithin(Duration promised, Duration took) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        double crowd = system.getSystemLoadAverage() / system.getAvailableProcessors() / 4;
        Duration limit = Duration.ofMillis((long) (promised.toMillis() * Math.max(1, crowd)));
        assertTrue("it took " + took + ", the limit is " + limit, took.compareTo(limit) <= 0);
    }

    /** The lines of a file, none if it is not there yet. */
    static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
