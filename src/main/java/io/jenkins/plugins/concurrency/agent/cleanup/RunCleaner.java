package io.jenkins.plugins.concurrency.agent.cleanup;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import hudson.remoting.VirtualChannel;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.concurrency.agent.PollingTask;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Removes processes and files of runs on agents if no build waits for them. A run is registered before anything of it
 * is on the agent. So it is found even if the controller was killed and the build did not continue. Thread-safe;
 * methods return at once unless they say otherwise.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RunCleaner extends ComputerListener {

    private static final Logger LOGGER = Logger.getLogger(RunCleaner.class.getName());

    /** How long a run is remembered if its node does not exist. The node may be defined again. */
    private static final Duration MISSING_NODE = Duration.ofDays(7);

    /** The ids of runs that a step in this controller process follows. */
    private final Set<String> followed = ConcurrentHashMap.newKeySet();

    /** The ids of runs that could not be cleaned up. They wait for a change on their agent. */
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();

    /** Nodes with a task that runs, and whether they need another one afterwards. Guarded by itself. */
    private final Map<String, Boolean> tasks = new HashMap<>();

    private final PollingTask poll = new PollingTask(this::poll, () -> !registry().isEmpty());

    /** Guarded by this. */
    private RunRegistry registry;

    public static RunCleaner get() {
        return ExtensionList.lookupSingleton(RunCleaner.class);
    }

    /** Not created in the constructor: Jenkins calls that before it is ready itself. */
    synchronized RunRegistry registry() {
        if (registry == null) {
            registry = new RunRegistry(
                    Jenkins.get().getRootDir().toPath().resolve("concurrency-steps").resolve("runs"));
        }
        return registry;
    }

    /**
     * Called when a step begins to follow a run, or continues to. Writes a file.
     *
     * @throws IOException if it can't be written
     */
    public void follow(RunRegistration run) throws IOException {
        followed.add(run.id());
        registry().put(run);
        poll.start();
        scheduleCleaning(run.node());
    }

    /**
     * Called when no build waits for the run any more. Everything of it on the agent is removed as soon as possible.
     * Writes a file.
     */
    public void release(RunRegistration run) {
        try {
            registry().put(run);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't record that no build waits for run " + run.id());
        }
        followed.remove(run.id());
        poll.start();
        scheduleCleaning(run.node());
    }

    /** Called when a job, and so its builds, have got another name. Writes files. */
    void renamed(String oldJob, String newJob) {
        String prefix = oldJob + "#";
        for (RunRegistration run : registry().all()) {
            if (run.build().startsWith(prefix)) {
                try {
                    registry().put(run.ofBuild(newJob + "#" + run.build().substring(prefix.length())));
                } catch (IOException e) {
                    LOGGER.log(Level.WARNING, e, () -> "can't record that job " + oldJob + " was renamed to " + newJob + "");
                }
            }
        }
    }

    /** The ids of all registered runs. */
    public Collection<String> known() {
        return registry().ids();
    }

    @Override
    public void onOnline(Computer computer, TaskListener listener) {
        stuck.clear();
        if (!registry().isEmpty()) {
            poll.start();
            scheduleCleaning(computer.getName());
        }
    }

    private void poll() {
        registry().all().stream()
                .filter(run -> !followed.contains(run.id()) && !stuck.contains(run.id()))
                .map(RunRegistration::node)
                .distinct()
                .forEach(this::scheduleCleaning);
    }

    private void scheduleCleaning(String node) {
        synchronized (tasks) {
            if (tasks.containsKey(node)) {
                tasks.put(node, true);
                return;
            }
            tasks.put(node, false);
        }
        RunThreads.ofAgent(node).execute(() -> cleanRepeatedly(node));
    }

    private void cleanRepeatedly(String node) {
        boolean again;
        try {
            clean(node);
        } finally {
            synchronized (tasks) {
                again = tasks.remove(node);
            }
        }
        if (again) {
            scheduleCleaning(node);
        }
    }

    private void clean(String node) {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        if (jenkins == null || jenkins.isTerminating() || jenkins.getInitLevel() != InitMilestone.COMPLETED) {
            return; // builds are not what they seem to be
        }
        Computer computer = jenkins.getComputer(node);
        VirtualChannel channel = computer == null ? null : computer.getChannel();
        if (channel == null) {
            if (jenkins.getNode(node) == null) {
                forget(node);
            }
            return;
        }
        List<RunRegistration> dead = registry().all().stream()
                .filter(run -> run.node().equals(node) && isDead(run))
                .toList();
        if (!dead.isEmpty()) {
            remove(dead, channel);
        }
    }

    private void remove(List<RunRegistration> dead, VirtualChannel channel) {
        try {
            List<String> removed = channel.call(new RunRemoval(dead));
            for (RunRegistration run : dead) {
                if (removed.contains(run.id())) {
                    registry().remove(run);
                } else {
                    stuck.add(run.id());
                }
            }
        } catch (IOException | RuntimeException e) {
            // Tried again soon, or when the agent is connected again.
            LOGGER.log(Level.FINE, e, () -> "can't clean up " + dead);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDead(RunRegistration run) {
        if (run.state() != RunRegistration.State.WANTED) {
            return true;
        }
        return !followed.contains(run.id()) && !isRunning(run.build());
    }

    /** A build that was deleted, or that Jenkins can't load, is not running. */
    private static boolean isRunning(String build) {
        try {
            Run<?, ?> found = Run.fromExternalizableId(build);
            return found != null && found.isBuilding();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void forget(String node) {
        long limit = System.currentTimeMillis() - MISSING_NODE.toMillis();
        registry().all().stream()
                .filter(run -> run.node().equals(node) && run.sinceMillis() < limit && isDead(run))
                .forEach(registry()::remove);
    }

    /** Keeps registrations correct when a job is renamed or moved while it builds. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class RenamedBuilds extends ItemListener {

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            RunCleaner.get().renamed(oldFullName, newFullName);
        }
    }
}
