package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionChannel;
import io.jenkins.plugins.concurrency.engine.pool.function.JvmCommand;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** This machine: a pool's processes are children of this process. */
public final class LocalHost implements PoolHost {

    private static final Logger LOGGER = Logger.getLogger(LocalHost.class.getName());

    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private final MachineShell shell = MachineShell.local();
    private final Path outputs;
    private final Consumer<String> warnings;
    private final TaskEnvironment environment;

    /** Chosen before the first script starts. Guarded by this. */
    private ScriptStarter scripts;

    /** Guarded by this. */
    private CommandOptions options = CommandOptions.DEFAULT;

    /** Guarded by this. */
    private ResourceLimits limits;

    /** @param outputs the folder for the outputs of running processes; created when it is needed */
    public LocalHost(Path outputs) {
        this(outputs, TaskEnvironment.ofThisProcess(), LOGGER::warning);
    }

    /**
     * @param environment the environment of the processes
     * @param warnings receives a line for each option that has no effect on this machine
     */
    public LocalHost(Path outputs, TaskEnvironment environment, Consumer<String> warnings) {
        this.outputs = outputs;
        this.environment = environment;
        this.warnings = warnings;
    }

    @Override
    public void prepare(PoolSettings settings) throws IOException {
        Files.createDirectories(outputs);
        Files.createDirectories(LocalPath.of(settings.directory()));
        synchronized (this) {
            options = settings.commands();
            limits = ResourceLimits.of(options, warnings);
        }
    }

    /** The JVM takes account of cgroup quotas and affinity masks. */
    @Override
    public int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public MachineShell shell() {
        return shell;
    }

    @Override
    public boolean repeatsInterrupted() {
        return true;
    }

    /** The memory that programs can get without swapping, as Linux estimates it. */
    @Override
    public long availableMemory() throws IOException {
        if (Files.isReadable(MEMINFO)) {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        }
        throw new IOException("'memFree' needs Linux with MemAvailable in /proc/meminfo");
    }

    @Override
    public InputStream open(String file) throws IOException {
        return Files.newInputStream(LocalPath.of(file));
    }

    @Override
    public RunningScript start(ScriptSpec script) throws IOException {
        return scripts().start(script);
    }

    private synchronized ScriptStarter scripts() throws IOException {
        if (scripts == null) {
            ScriptStarter resident =
                    shell == MachineShell.POSIX ? ResidentShells.in(outputs, options, limits, environment) : null;
            scripts = resident == null ? new SpawnedScripts(shell, outputs, options, limits, environment) : resident;
        }
        return scripts;
    }

    private synchronized ResourceLimits limits() {
        return limits;
    }

    @Override
    public WorkerProcess start(WorkerStart worker) throws IOException {
        Path script = outputs.resolve("worker-" + worker.number() + ".cmd");
        List<String> command = new ArrayList<>(limits().prefix(worker.number()));
        command.addAll(commandLine(worker.program(), script));
        LocalFiles files = new LocalFiles(Files.createDirectories(outputs.resolve("worker-files")).toAbsolutePath());
        ProcessBuilder builder = new ProcessBuilder(command).directory(new File(worker.directory()));
        environment.prepare(builder, worker.run(), worker.worker());
        builder.environment().put(PoolEnvironment.FILES, files.directory().toString());
        return new LocalWorker(worker, builder.start(), files);
    }

    private List<String> commandLine(WorkerStart.Program program, Path script) throws IOException {
        if (program instanceof WorkerStart.Program.Command command) {
            return shell.commandLine(command.script(), script);
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath = System.getProperty("java.class.path");
        FunctionChannel channel = shell == MachineShell.POSIX
                ? FunctionChannel.moved("/bin/sh", "-c", FunctionChannel.SCRIPT, "/bin/sh")
                : FunctionChannel.standard();
        WorkerStart.Program.Functions functions = (WorkerStart.Program.Functions) program;
        return JvmCommand.of(java.toString(), LocalPath.charsetOption(), classPath, functions, channel);
    }

    @Override
    public synchronized void close() {
        if (scripts != null) {
            scripts.close();
        }
    }

    @Override
    public CompletionStage<Void> kill(ProcessCookie cookie) {
        return ProcessKiller.kill(cookie);
    }
}
