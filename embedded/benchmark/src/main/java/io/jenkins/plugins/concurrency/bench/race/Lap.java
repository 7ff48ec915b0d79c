package io.jenkins.plugins.concurrency.bench.race;

/**
 * One round of one contender.
 *
 * @param seconds how long the work took; preparation and cleaning up are not part of it
 * @param cpuSeconds the processor time of its processes, which other work on the machine hardly changes; NaN where it
 *     is not known
 */
public record Lap(double seconds, double cpuSeconds) {}
