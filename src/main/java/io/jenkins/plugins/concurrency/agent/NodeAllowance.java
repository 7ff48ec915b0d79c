package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import hudson.model.Node;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.NodeLimitsProperty;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * The administrator's limits for all steps of a node together: those of the node's own property, or else of the system
 * configuration. Processes that containers and other decorated launchers start don't count.
 *
 * @param node its name
 * @param processes workers and commands at once; 0 for no limit
 * @param memoryMib in MiB; 0 for no limit
 * @param heapMib the supervisor's part of it, in MiB
 */
public record NodeAllowance(String node, int processes, int memoryMib, int heapMib) {

    /** The present limits of a node. */
    public static NodeAllowance of(String node) {
        ConcurrencyConfiguration all = ConcurrencyConfiguration.get();
        Computer computer = Jenkins.get().getComputer(node);
        Node configured = computer == null ? null : computer.getNode();
        Optional<NodeLimitsProperty> own =
                Optional.ofNullable(configured).map(known -> known.getNodeProperty(NodeLimitsProperty.class));
        return new NodeAllowance(
                node,
                own.map(NodeLimitsProperty::getProcesses).orElse(all.getAgentProcesses()),
                own.map(NodeLimitsProperty::getMemory).orElse(all.getAgentMemory()),
                all.getSupervisorHeap());
    }

    /** The limits of everything that the supervisor starts. */
    public NodeLimits limits() {
        return new NodeLimits(processes, memoryMib == 0 ? 0 : Math.max(1, memoryMib - heapMib));
    }

    /** How many branches of a run may run at once, if the run asks for so many. */
    public int width(int wanted) {
        return processes == 0 ? wanted : Math.min(processes, wanted);
    }

    /** Why a run can never work there, in one line; {@code null} if it can. */
    @CheckForNull
    public String problem(RunSpec spec) {
        if (memoryMib == 0) {
            return null;
        }
        String all = RunLocation.nodeText(node) + " allows all steps together " + memoryMib + " MiB of memory";
        if (memoryMib <= heapMib) {
            return all + ", and the supervisor's heap alone is " + heapMib + " MiB";
        }
        PoolSettings pool = spec.work().pool();
        int needed = pool == null ? 0 : Math.max(pool.worker().memory(), pool.commands().memory());
        int left = memoryMib - heapMib;
        return needed <= left
                ? null
                : "'memory' is " + needed + " MiB for each process, but " + all + ", " + left
                        + " MiB without the supervisor's heap";
    }
}
