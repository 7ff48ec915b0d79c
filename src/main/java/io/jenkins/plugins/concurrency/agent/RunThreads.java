package io.jenkins.plugins.concurrency.agent;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The threads of this plugin that may wait for a disk or an agent: a few, however many runs there are. Each agent has
 * its own, so that one that does not answer holds up nobody else.
 */
public final class RunThreads {

    private static final int CONTROLLER_WIDTH = 8;
    private static final int AGENT_WIDTH = 4;

    /** More are looked through for those that nothing uses any more. */
    private static final int MANY_LANES = 100;

    private static final Lane CONTROLLER = new Lane(CONTROLLER_WIDTH);

    /** By the names of nodes. Guarded by the class. */
    private static final Map<String, Lane> AGENTS = new HashMap<>();

    private RunThreads() {}

    /** For what waits for the controller's disk and for Pipelines. */
    public static Executor ofController() {
        return CONTROLLER;
    }

    /**
     * For what waits for an agent.
     *
     * @param node the name of the agent's node
     */
    static synchronized Executor ofAgent(String node) {
        if (AGENTS.size() > MANY_LANES) {
            AGENTS.values().removeIf(Lane::isIdle);
        }
        return AGENTS.computeIfAbsent(node, name -> new Lane(AGENT_WIDTH));
    }
}
