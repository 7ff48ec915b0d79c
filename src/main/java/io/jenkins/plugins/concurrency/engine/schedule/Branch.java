package io.jenkins.plugins.concurrency.engine.schedule;

/** One piece of work of a run. Implementations are immutable. */
public interface Branch {

    /** The branch's position in the input, from 0. */
    int index();

    /** The branch's name, unique in its run. */
    String name();
}
