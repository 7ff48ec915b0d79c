package io.jenkins.plugins.concurrency.bench.steps;

import io.jenkins.plugins.concurrency.bench.session.Session;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/** What a step and its peer both do. */
interface StepWork {

    /** What the table calls it. */
    String title();

    /** What the table calls the peer. */
    String peer();

    /** The programs that the peer needs. */
    List<String> programs();

    /** How much of the peer's time the first step of a build may take, if a target is set for builds without Jenkins. */
    OptionalDouble first();

    /** The same of the step afterwards. */
    OptionalDouble later();

    /** Brings up what both need. */
    Prepared prepare(Session session) throws IOException, InterruptedException;

    /** What is there while the work is measured; {@link #close} ends it. */
    interface Prepared extends AutoCloseable {

        /** Statements of Groovy that are not measured. */
        String before();

        /** The peer's statement. */
        String peer();

        /** The step's statement. */
        String step();

        /** Where the work comes from, for the end of a title. */
        default String where() {
            return "";
        }

        @Override
        default void close() throws IOException {}
    }
}
