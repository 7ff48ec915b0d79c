package io.jenkins.plugins.concurrency.agent.cleanup;

import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;

/**
 * The record of a run on an agent. It is kept until nothing of the run is left there.
 *
 * @param id the run
 * @param node the name of the agent's node
 * @param directory the run directory there
 * @param build its build, as {@link hudson.model.Run#getExternalizableId} names it
 * @param state whether a build waits for it
 * @param sinceMillis when it was first registered, milliseconds since the epoch
 */
public record RunRegistration(
        String id,
        String node,
        String directory,
        String build,
        State state,
        long sinceMillis) {

    /** What the run is for its step. */
    public enum State {
        /** A step waits for it, as long as its build runs. */
        WANTED,
        /** Its whole journal has been received. */
        ENDED,
        /** No build waits for it any more, although it may still work. */
        ABANDONED
    }

    public RunRegistration {
        if (!RunSpec.isId(id)) {
            throw new IllegalArgumentException("not a run id: " + id);
        }
    }

    /**
     * A run that a step waits for.
     *
     * @param owner the build of the step
     * @param files the run's files in the build directory
     */
    public static RunRegistration wanted(RunLocation location, Run<?, ?> owner, RunFiles files) {
        return new RunRegistration(
                files.directory().getFileName().toString(),
                location.node(),
                location.directory(),
                owner.getExternalizableId(),
                State.WANTED,
                owner.getStartTimeInMillis());
    }

    public RunRegistration with(State newState) {
        return new RunRegistration(id, node, directory, build, newState, sinceMillis);
    }

    RunRegistration ofBuild(String newBuild) {
        return new RunRegistration(id, node, directory, newBuild, state, sinceMillis);
    }
}
