package jenkins.model;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.BuildListener;
import java.io.IOException;
import java.util.Map;
import jenkins.util.VirtualFile;

/** Where a build's artifacts are. */
public abstract class ArtifactManager {

    /**
     * Copies files among the artifacts; they take the place of those of the same name.
     *
     * @param workspace the folder with the files
     * @param artifacts from names among the artifacts to names in the folder, with slashes
     */
    public abstract void archive(
            FilePath workspace, Launcher launcher, BuildListener listener, Map<String, String> artifacts)
            throws IOException, InterruptedException;

    public abstract VirtualFile root();
}
