package hudson.slaves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;

/** The workspaces of an agent. */
public final class WorkspaceList {

    public static final String COMBINATOR = System.getProperty(WorkspaceList.class.getName(), "@");
    public static final String TMP_DIR_SUFFIX = COMBINATOR + "tmp";

    /** The directory beside a workspace for what is not part of it; it may not exist yet. */
    public static @CheckForNull FilePath tempDir(FilePath ws) {
        return ws.sibling(ws.getName() + TMP_DIR_SUFFIX);
    }
}
