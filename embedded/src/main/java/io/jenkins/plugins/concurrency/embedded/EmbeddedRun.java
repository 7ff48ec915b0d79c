package io.jenkins.plugins.concurrency.embedded;

import com.cloudbees.groovy.cps.Outcome;
import groovy.lang.Script;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.concurrency.embedded.script.ScriptCompiler;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import jenkins.model.CauseOfInterruption;
import org.codehaus.groovy.control.CompilationFailedException;
import org.jenkinsci.plugins.workflow.cps.CpsThreadGroup;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** One run of a Jenkinsfile. Thread safe. */
public final class EmbeddedRun extends Run<EmbeddedJob, EmbeddedRun> implements FlowExecutionOwner.Executable, Queue.Executable {

    private final Path jenkinsfile;
    private final Map<String, String> parameters;
    private final File workspace;
    private final BuildLock lock;
    private final BuildLog log;
    private final CpsThreadGroup threads = new CpsThreadGroup(this);
    private final Set<String> cookies = ConcurrentHashMap.newKeySet();
    private final Set<CauseOfInterruption> announced = ConcurrentHashMap.newKeySet();
    private volatile boolean building = true;
    /** Guarded by itself. */
    private final EnvVars globalEnvironment = new EnvVars();

    private EmbeddedRun(
            EmbeddedJob job, int number, Path jenkinsfile, Map<String, String> parameters, File workspace, OutputStream console)
            throws IOException {
        super(job, number);
        this.jenkinsfile = jenkinsfile;
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        this.workspace = workspace == null ? job.defaultWorkspace() : workspace.getAbsoluteFile();
        this.lock = BuildLock.take(getRootDir());
        this.log = new BuildLog(console, getLogFile());
    }

    /**
     * Prepares a build.
     *
     * @param workspace where {@code node} works, or null for the job's own directory in the home
     * @param console where the log goes besides its file
     */
    public static EmbeddedRun create(
            Path jenkinsfile, Map<String, String> parameters, File workspace, OutputStream console) throws IOException {
        EmbeddedJob job = EmbeddedJob.of(jenkinsfile);
        EmbeddedRun run = new EmbeddedRun(
                job, job.takeNumber(), jenkinsfile.toAbsolutePath().normalize(), parameters, workspace, console);
        job.add(run);
        return run;
    }

    /** Runs the Jenkinsfile to its end; call once. */
    public Result execute() throws InterruptedException {
        log.getLogger().println("Started by user " + System.getProperty("user.name"));
        annotate("Start of Pipeline");
        try {
            Outcome outcome = threads.start(compile()).get();
            if (outcome.isFailure()) {
                failed(outcome.getAbnormal());
            }
        } catch (CompilationFailedException e) {
            log.getLogger().println(e.getMessage());
            setResult(Result.FAILURE);
        } catch (IOException | ExecutionException e) {
            failed(e);
        }
        annotate("End of Pipeline");
        threads.embeddedShutdown();
        setResult(Result.SUCCESS);
        building = false;
        RunListener.fireCompleted(this, log);
        log.getLogger().println("Finished: " + getResult());
        log.close();
        lock.close();
        RunListener.fireFinalized(this);
        return getResult();
    }

    private Script compile() throws IOException {
        return ScriptCompiler.compile(Files.readString(jenkinsfile), this);
    }

    private void failed(Throwable failure) {
        if (failure instanceof FlowInterruptedException interruption) {
            setResult(interruption.getResult());
            interruption.getCauses().forEach(this::announce);
        } else {
            setResult(Result.FAILURE);
            report(failure);
        }
    }

    /** Writes a failure to the log: one line for those that users cause, a stack trace for others. */
    public void report(Throwable failure) {
        if (failure instanceof AbortException) {
            log.error(failure.getMessage());
        } else {
            log.getLogger().print(StackTraces.render(failure));
        }
    }

    private void announce(CauseOfInterruption cause) {
        if (announced.add(cause)) {
            cause.print(log);
        }
    }

    /** Stops what the build does now; it ends as ABORTED unless the script takes care of it. */
    public void interrupt(CauseOfInterruption cause) {
        announce(cause);
        threads.interrupt(new FlowInterruptedException(Result.ABORTED, cause));
    }

    /** Writes a line about the course of the Pipeline. */
    public void annotate(String text) {
        log.getLogger().println("[Pipeline] " + text);
    }

    public TaskListener listener() {
        return log;
    }

    public Map<String, String> parameters() {
        return parameters;
    }

    /** A copy of what the script has assigned to {@code env}. */
    public EnvVars globalEnvironment() {
        synchronized (globalEnvironment) {
            return new EnvVars(globalEnvironment);
        }
    }

    /** Sets a variable for the rest of the build. */
    public void setGlobal(String name, String value) {
        synchronized (globalEnvironment) {
            globalEnvironment.put(name, value);
        }
    }

    public File workspace() {
        return workspace;
    }

    /** The cookies of the nodes in use: processes that have one in their environment belong to this build. */
    public Set<String> cookies() {
        return cookies;
    }

    @Override
    public FlowExecutionOwner asFlowExecutionOwner() {
        return new Owner(this);
    }

    @Override
    public boolean isBuilding() {
        return building;
    }

    @Override
    public EnvVars getEnvironment(TaskListener listener) throws IOException, InterruptedException {
        EnvVars variables = super.getEnvironment(listener);
        variables.put("JENKINSFILE_DIR", jenkinsfile.getParent().toString());
        variables.putAll(parameters);
        return variables;
    }

    /** Refers to a build for those who call its steps. */
    public static final class Owner extends FlowExecutionOwner {
        private static final long serialVersionUID = 1L;
        private final transient EmbeddedRun run;

        Owner(EmbeddedRun run) {
            this.run = run;
        }

        public EmbeddedRun run() {
            return run;
        }

        @Override
        public FlowExecution getOrNull() {
            return run.threads;
        }

        @Override
        public TaskListener getListener() {
            return run.listener();
        }
    }
}
