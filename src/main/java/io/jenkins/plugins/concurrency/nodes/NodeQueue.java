package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskDispatcher;
import hudson.model.queue.SubTask;
import hudson.model.queue.WorkUnit;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution.PlaceholderTask;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Gives a step each node only once, and no node that failed for it. {@code node} itself can't do that. Thread-safe. */
@Extension
@Restricted(NoExternalUse.class)
public final class NodeQueue extends QueueTaskDispatcher {

    private static final Logger LOGGER = Logger.getLogger(NodeQueue.class.getName());

    /** Says which nodes a step can't use. */
    interface NodeFilter {

        /** Why the step can't use a node; {@code null} if it may. */
        @CheckForNull
        String refusalOf(String node);
    }

    /** Identifies blocks: by their build and the step around them. */
    private record Place(String build, String flowNode) {}

    private static final Map<Place, NodeFilter> KNOWN = new ConcurrentHashMap<>();

    /** @param flowNode the id of the step around the blocks */
    static void add(Run<?, ?> build, String flowNode, NodeFilter blocks) {
        KNOWN.put(new Place(build.getExternalizableId(), flowNode), blocks);
    }

    static void remove(NodeFilter blocks) {
        KNOWN.values().remove(blocks);
    }

    @Override
    @CheckForNull
    public CauseOfBlockage canTake(Node node, Queue.BuildableItem item) {
        NodeFilter blocks = KNOWN.isEmpty() ? null : blocksOf(item.task);
        if (blocks == null) {
            return null;
        }
        String why = blocks.refusalOf(node.getNodeName());
        if (why == null && isAtWork(blocks, item.task, node.toComputer())) {
            why = "this step has it already";
        }
        return why == null ? null : new Refusal(why);
    }

    /** Asks the executors: only they know at once which task they get. */
    private static boolean isAtWork(NodeFilter blocks, SubTask asking, @CheckForNull Computer computer) {
        if (computer != null) {
            for (Executor executor : computer.getExecutors()) {
                WorkUnit work = executor.getCurrentWorkUnit();
                if (work != null && !work.work.equals(asking) && blocksOf(work.work) == blocks) {
                    return true;
                }
            }
        }
        return false;
    }

    @CheckForNull
    private static NodeFilter blocksOf(SubTask task) {
        if (!(task instanceof PlaceholderTask block && block.getOwnerExecutable() instanceof Run<?, ?> build)) {
            return null;
        }
        String id = build.getExternalizableId();
        if (KNOWN.keySet().stream().noneMatch(place -> place.build().equals(id))) {
            return null; // its program may not be there yet, and would be waited for
        }
        try {
            FlowNode step = block.getNode();
            if (step != null) {
                for (BlockStartNode around : step.iterateEnclosingBlocks()) {
                    NodeFilter found = KNOWN.get(new Place(id, around.getId()));
                    if (found != null) {
                        return found;
                    }
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't tell where " + task + " belongs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private static final class Refusal extends CauseOfBlockage {

        private final String why;

        Refusal(String why) {
            this.why = why;
        }

        @Override
        public String getShortDescription() {
            return why;
        }
    }
}
