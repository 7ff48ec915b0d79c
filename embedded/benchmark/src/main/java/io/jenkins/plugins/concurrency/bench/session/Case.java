package io.jenkins.plugins.concurrency.bench.session;

/** Something that is measured. */
public interface Case {

    /** What the command line calls it. */
    String name();

    /**
     * Measures it and prints its table.
     *
     * @return whether everything could be measured that is there
     */
    boolean run(Session session) throws Exception;
}
