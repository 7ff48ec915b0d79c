package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.security.AccessControlled;
import io.jenkins.plugins.concurrency.embedded.BuildLock;
import java.io.File;
import java.io.IOException;
import jenkins.model.ArtifactManager;
import jenkins.model.Jenkins;

/** One build of a job. Thread safe. */
public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable
        implements PersistenceRoot, Comparable<RunT>, AccessControlled {

    protected final transient JobT project;

    private final int number;
    private final long timestamp = System.currentTimeMillis();
    private volatile Result result;
    private volatile String displayName;
    private volatile String description;

    protected Run(JobT job, int number) {
        this.project = job;
        this.number = number;
    }

    public JobT getParent() {
        return project;
    }

    public int getNumber() {
        return number;
    }

    public String getId() {
        return Integer.toString(number);
    }

    public final long getTimeInMillis() {
        return timestamp;
    }

    public final long getStartTimeInMillis() {
        return timestamp;
    }

    public @CheckForNull Result getResult() {
        return result;
    }

    /** Sets the result; one that is better than the present one is ignored. */
    public synchronized void setResult(Result r) {
        result = Result.combine(result, r);
    }

    public abstract boolean isBuilding();

    public String getDisplayName() {
        return displayName == null ? "#" + number : displayName;
    }

    public void setDisplayName(String value) throws IOException {
        displayName = value;
    }

    public @CheckForNull String getDescription() {
        return description;
    }

    public void setDescription(String value) throws IOException {
        description = value;
    }

    public String getFullDisplayName() {
        return project.getFullDisplayName() + " " + getDisplayName();
    }

    @Override
    public File getRootDir() {
        return new File(project.getBuildDir(), getId());
    }

    /** The artifacts, in a folder of the build directory. */
    public final ArtifactManager getArtifactManager() {
        return new ArtifactFolder(new File(getRootDir(), "archive"));
    }

    /** Where artifacts are to be put. */
    public final synchronized ArtifactManager pickArtifactManager() throws IOException {
        return getArtifactManager();
    }

    public File getLogFile() {
        return new File(getRootDir(), "log");
    }

    /** What finds this build again with {@link #fromExternalizableId}. */
    public String getExternalizableId() {
        return project.getFullName() + "#" + number;
    }

    /** The build that had this id, null if it is gone. Of one of another process only is known whether it runs. */
    public static @CheckForNull Run<?, ?> fromExternalizableId(String id) throws IllegalArgumentException {
        int hash = id.lastIndexOf('#');
        if (hash <= 0) {
            throw new IllegalArgumentException("Not the id of a build: " + id);
        }
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        if (jenkins == null) {
            return null;
        }
        String name = id.substring(0, hash);
        int number = Integer.parseInt(id.substring(hash + 1));
        Job<?, ?> job = jenkins.getItemByFullName(name, Job.class);
        Run<?, ?> own = job == null ? null : job.getBuildByNumber(number);
        Run<?, ?> other = new RunElsewhere(new JobElsewhere(jenkins, name), number);
        return own == null && other.isBuilding() ? other : own;
    }

    private static final class JobElsewhere extends Job<JobElsewhere, RunElsewhere> {
        JobElsewhere(Jenkins parent, String name) {
            super(parent, name);
        }

        @Override
        public boolean isBuildable() {
            return false;
        }

        @Override
        public @CheckForNull RunElsewhere getBuildByNumber(int n) {
            return null;
        }

        @Override
        public @CheckForNull RunElsewhere getLastBuild() {
            return null;
        }
    }

    private static final class RunElsewhere extends Run<JobElsewhere, RunElsewhere> {
        RunElsewhere(JobElsewhere job, int number) {
            super(job, number);
        }

        @Override
        public boolean isBuilding() {
            return BuildLock.isTaken(getRootDir());
        }
    }

    public @CheckForNull RunT getPreviousBuild() {
        RunT previous = null;
        for (int n = number - 1; n > 0 && previous == null; n--) {
            previous = project.getBuildByNumber(n);
        }
        return previous;
    }

    public EnvVars getEnvironment(TaskListener listener) throws IOException, InterruptedException {
        EnvVars variables = new EnvVars();
        variables.put("BUILD_NUMBER", getId());
        variables.put("BUILD_ID", getId());
        variables.put("BUILD_DISPLAY_NAME", getDisplayName());
        variables.put("BUILD_TAG", "jenkins-" + project.getFullName().replace('/', '-') + "-" + number);
        variables.put("JOB_NAME", project.getFullName());
        variables.put("JOB_BASE_NAME", project.getName());
        variables.put("JENKINS_HOME", Jenkins.get().getRootDir().getPath());
        variables.put("HUDSON_HOME", Jenkins.get().getRootDir().getPath());
        return variables;
    }

    @Override
    public int compareTo(RunT that) {
        return Integer.compare(number, that.getNumber());
    }

    @Override
    public synchronized void save() throws IOException {}

    @Override
    public String toString() {
        return project.getFullName() + " #" + number;
    }
}
