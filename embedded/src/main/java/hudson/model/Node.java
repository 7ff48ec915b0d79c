package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.labels.LabelAtom;
import hudson.remoting.VirtualChannel;
import hudson.security.AccessControlled;
import java.util.Set;

/** A machine that builds run on. Thread safe. */
public abstract class Node extends AbstractModelObject
        implements ExtensionPoint, AccessControlled, PersistenceRoot {

    /** Empty for the built-in node. */
    public abstract String getNodeName();

    public abstract @CheckForNull FilePath getRootPath();

    public abstract @CheckForNull FilePath createPath(String absolutePath);

    public abstract Launcher createLauncher(TaskListener listener);

    /** Where a job works on this node. */
    public abstract @CheckForNull FilePath getWorkspaceFor(TopLevelItem item);

    public LabelAtom getSelfLabel() {
        return new LabelAtom(getNodeName().isEmpty() ? "built-in" : getNodeName());
    }

    public Set<LabelAtom> getAssignedLabels() {
        return Set.of(getSelfLabel());
    }

    @SuppressWarnings("rawtypes") // as in Jenkins
    public @CheckForNull <T extends hudson.slaves.NodeProperty> T getNodeProperty(Class<T> clazz) {
        return null;
    }

    public abstract int getNumExecutors();

    public abstract String getLabelString();

    protected abstract @CheckForNull Computer createComputer();

    public final @CheckForNull Computer toComputer() {
        return jenkins.model.Jenkins.get().getComputer(getNodeName());
    }

    public final @CheckForNull VirtualChannel getChannel() {
        Computer computer = toComputer();
        return computer == null ? null : computer.getChannel();
    }

    @Override
    public String getDisplayName() {
        return getNodeName();
    }
}
