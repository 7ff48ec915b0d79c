package io.jenkins.plugins.concurrency.bench.race;

/** One of those that do the same work in turns. */
public interface Contender {

    /** What the table calls it. */
    String name();

    /** Does the work once, unmeasured, if that makes a difference. */
    default void warmUp() throws Exception {}

    /**
     * Does the work once.
     *
     * @throws Exception if the work was not done as a whole
     */
    Lap run() throws Exception;
}
