package hudson.slaves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.concurrency.embedded.WorkspaceLease;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import jenkins.util.SystemProperties;

/** The workspaces of an agent. */
public final class WorkspaceList {

    public static final String COMBINATOR = SystemProperties.getString(WorkspaceList.class.getName(), "@");
    public static final String TMP_DIR_SUFFIX = COMBINATOR + "tmp";

    /** The use of a workspace. */
    public abstract static class Lease {

        public final FilePath path;

        protected Lease(FilePath path) {
            this.path = path;
        }

        public abstract void release();
    }

    /** The workspace, or one beside it if it is in use. */
    public synchronized Lease allocate(FilePath base) throws InterruptedException {
        try {
            WorkspaceLease taken = WorkspaceLease.take(new File(base.getRemote()));
            return new Lease(new FilePath(taken.directory())) {
                @Override
                public void release() {
                    taken.close();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This very workspace; nobody here comes back to one, so it need not be waited for. */
    public synchronized Lease acquire(FilePath p) throws InterruptedException {
        return allocate(p);
    }

    /** The directory beside a workspace for what is not part of it; it may not exist yet. */
    public static @CheckForNull FilePath tempDir(FilePath ws) {
        return ws.sibling(ws.getName() + TMP_DIR_SUFFIX);
    }
}
