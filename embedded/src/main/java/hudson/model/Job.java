package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.File;

/** Something that can be built many times. */
public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends AbstractItem {

    protected Job(ItemGroup parent, String name) {
        super(parent, name);
    }

    public abstract boolean isBuildable();

    public abstract @CheckForNull RunT getBuildByNumber(int n);

    public abstract @CheckForNull RunT getLastBuild();

    public File getBuildDir() {
        return new File(getRootDir(), "builds");
    }
}
