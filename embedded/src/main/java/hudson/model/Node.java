package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.Launcher;
import hudson.security.AccessControlled;

/** A machine that builds run on. Thread safe. */
public abstract class Node extends AbstractModelObject
        implements ExtensionPoint, AccessControlled, PersistenceRoot {

    /** Empty for the built-in node. */
    public abstract String getNodeName();

    public abstract @CheckForNull FilePath getRootPath();

    public abstract @CheckForNull FilePath createPath(String absolutePath);

    public abstract Launcher createLauncher(TaskListener listener);

    @SuppressWarnings("rawtypes") // as in Jenkins
    public @CheckForNull <T extends hudson.slaves.NodeProperty> T getNodeProperty(Class<T> clazz) {
        return null;
    }

    public abstract String getLabelString();

    public final @CheckForNull Computer toComputer() {
        return jenkins.model.Jenkins.get().getComputer(getNodeName());
    }

    @Override
    public String getDisplayName() {
        return getNodeName();
    }
}
