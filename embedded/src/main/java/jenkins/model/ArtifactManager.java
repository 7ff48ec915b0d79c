package jenkins.model;

import jenkins.util.VirtualFile;

/** Where a build's artifacts are. */
public abstract class ArtifactManager {

    public abstract VirtualFile root();
}
