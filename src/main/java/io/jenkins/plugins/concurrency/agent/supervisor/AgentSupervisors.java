package io.jenkins.plugins.concurrency.agent.supervisor;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.concurrency.agent.NodeAllowance;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import io.jenkins.plugins.concurrency.agent.jars.AgentClassPath;
import io.jenkins.plugins.concurrency.agent.jars.HashedJar;
import io.jenkins.plugins.concurrency.agent.jars.LocalJars;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import jenkins.security.HMACConfidentialKey;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Starts supervisors on agents for runs. It also starts one early when an agent comes online, if steps were used lately
 * on an agent with the same labels. All agents of one cloud template have the same labels. Nobody waits for an early
 * start. If it fails, the first step says why. Thread-safe.
 *
 * <p>An early supervisor has normal priority, because the processes of builds inherit its priority, and only the
 * superuser could raise that again.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class AgentSupervisors extends ComputerListener {

    private static final Logger LOGGER = Logger.getLogger(AgentSupervisors.class.getName());

    /** The keys of supervisors are derived from it, so they need not be stored. */
    private static final HMACConfidentialKey KEYS = new HMACConfidentialKey(AgentSupervisors.class, "sockets");

    private static final Duration LATELY = Duration.ofDays(14);

    /** How exact the time of the last use is. */
    private static final Duration MARKED = Duration.ofHours(6);

    /**
     * The end of the label that Kubernetes agents get from a Pipeline's own template: the build's number and random
     * characters.
     */
    private static final Pattern BUILD = Pattern.compile("_\\d+-[a-z0-9]{5}(?=\\s|$)");

    /** When steps were used last, in milliseconds since the epoch, by the {@link #kind} of agent. */
    private final ControllerMemory uses = new ControllerMemory("used-labels");

    /**
     * The hashes of the archives of classes that were made on agents, by the names of nodes. Only the controller stores
     * them: a process of the agent's user could change both an archive and a hash beside it.
     */
    private final ControllerMemory archives = new ControllerMemory("class-archives");

    public static AgentSupervisors get() {
        return ExtensionList.lookupSingleton(AgentSupervisors.class);
    }

    /**
     * Submits a run to a supervisor, unless its supervisor is alive. Waits for the agent, usually for one call.
     *
     * @param channel to the agent
     * @param run called for each attempt, because what it exports to the channel can be used only once
     * @throws IOException if that fails
     */
    public void start(String name, VirtualChannel channel, Supplier<StartSupervisor.Begin> run)
            throws IOException, InterruptedException {
        startSupervisor(name, new FilePath(channel, AgentClassPath.cache(name).getRemote()), run);
        Computer computer = Jenkins.get().getComputer(name);
        Node node = computer == null ? null : computer.getNode();
        if (node != null && !isUsedWithin(MARKED, node)) {
            uses.put(kind(node), Long.toString(System.currentTimeMillis()));
        }
    }

    @Override
    public void onOnline(Computer computer, TaskListener listener) {
        Node node = computer.getNode();
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        boolean wanted = configuration.isSupervisorEarly() && configuration.getSupervisorIdle() > 0;
        if (wanted && node != null && isUsedWithin(LATELY, node)) {
            RunThreads.ofAgent(computer.getName()).execute(() -> startEarly(computer.getName()));
        }
    }

    private void startEarly(String node) {
        try {
            startSupervisor(node, AgentClassPath.cache(node), () -> null);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "can't start a supervisor early on '" + node + "'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startSupervisor(String node, FilePath cache, Supplier<StartSupervisor.Begin> run)
            throws IOException, InterruptedException {
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        List<HashedJar> jars = LocalJars.get();
        StartSupervisor.Jvm jvm = new StartSupervisor.Jvm(
                new ArrayList<>(jars.stream().map(HashedJar::cacheName).toList()),
                configuration.getSupervisorHeap(),
                Duration.ofMinutes(configuration.getSupervisorIdle()),
                NodeAllowance.of(node).limits(),
                archives(configuration, node),
                archives.get(node));
        byte[] key = KEYS.mac(node.getBytes(StandardCharsets.UTF_8));
        StartSupervisor.Answer answer = cache.act(new StartSupervisor(jvm, key, run.get()));
        if (!answer.missing().isEmpty()) {
            AgentClassPath.install(cache, jars);
            answer = cache.act(new StartSupervisor(jvm, key, run.get()));
        }
        if (!answer.missing().isEmpty()) {
            throw new IOException("copied jars are missing again in " + cache.getRemote());
        }
        if (answer.archive() != null) {
            archives.put(node, answer.archive());
        }
    }

    private static StartSupervisor.Archives archives(ConcurrencyConfiguration configuration, String node) {
        if (!configuration.isClassArchives()) {
            return StartSupervisor.Archives.OFF;
        }
        return node.isEmpty() ? StartSupervisor.Archives.OWN : StartSupervisor.Archives.KNOWN;
    }

    private boolean isUsedWithin(Duration time, Node node) {
        String last = uses.get(kind(node));
        try {
            return last != null && System.currentTimeMillis() - Long.parseLong(last) < time.toMillis();
        } catch (NumberFormatException e) {
            return false; // the file was edited
        }
    }

    /** Identifies agents of the same kind by their labels. Without labels it is the agent's name. */
    private static String kind(Node node) {
        String labels = BUILD.matcher(node.getLabelString().strip()).replaceAll("");
        return labels.isEmpty() ? "node " + node.getNodeName() : "labels " + labels;
    }
}
