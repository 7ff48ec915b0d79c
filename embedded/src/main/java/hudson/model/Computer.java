package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.EnvVars;
import hudson.model.queue.WorkUnit;
import hudson.remoting.VirtualChannel;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import io.jenkins.plugins.concurrency.embedded.DaemonThreads;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The running state of a {@link Node}. Thread safe. */
public abstract class Computer extends Actionable implements AccessControlled {

    public static final Permission CONFIGURE = Permission.embedded("Agent/Configure");
    public static final Permission CREATE = Permission.embedded("Agent/Create");

    /** Runs what waits for agents. */
    public static final ExecutorService threadPoolForRemoting =
            Executors.newCachedThreadPool(new DaemonThreads("Computer.threadPoolForRemoting"));

    private final Collection<Executor> executors = new ConcurrentLinkedQueue<>();

    protected Computer(Node node) {}

    public abstract String getName();

    @Override
    public abstract String getDisplayName();

    public abstract @CheckForNull Node getNode();

    public abstract @Nullable VirtualChannel getChannel();

    public boolean isOffline() {
        return getChannel() == null;
    }

    public final boolean isOnline() {
        return !isOffline();
    }

    /** Those in use. */
    public List<Executor> getExecutors() {
        return List.copyOf(executors);
    }

    /** Another one; for the embedded runtime only. */
    Executor embeddedExecutor(WorkUnit work) {
        Executor executor = new Executor(this, work);
        executors.add(executor);
        return executor;
    }

    void embeddedRelease(Executor executor) {
        executors.remove(executor);
    }

    /** The environment of the agent's process. */
    public EnvVars getEnvironment() throws IOException, InterruptedException {
        return EnvVars.getRemote(getChannel());
    }

    /** Variables that Jenkins adds to what runs there. */
    public EnvVars buildEnvironment(TaskListener listener) throws IOException, InterruptedException {
        return new EnvVars();
    }
}
