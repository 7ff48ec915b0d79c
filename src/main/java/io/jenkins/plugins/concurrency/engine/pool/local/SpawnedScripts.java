package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.Script;
import io.jenkins.plugins.concurrency.engine.pool.TaskWatch;
import io.jenkins.plugins.concurrency.engine.process.Setsid;
import io.jenkins.plugins.concurrency.engine.process.Shell;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Scripts as children of this process, each in a session of its own where there is {@code setsid}. */
final class SpawnedScripts implements ScriptStarter {

    private final Shell shell;
    private final Path outputs;
    private final CommandOptions options;
    private final WorkerLimits limits;
    private final TaskEnvironment environment;
    private final List<String> setsid;
    private final TaskWatch watch = new TaskWatch();

    SpawnedScripts(
            Shell shell, Path outputs, CommandOptions options, WorkerLimits limits, TaskEnvironment environment) {
        this.options = options;
        this.limits = limits;
        this.environment = environment;
        this.shell = shell;
        this.outputs = outputs;
        this.setsid = shell == Shell.POSIX ? Setsid.prefix() : List.of();
    }

    @Override
    public RunningScript start(Script script) throws IOException {
        TaskFiles files = TaskFiles.in(outputs, script.index());
        try {
            List<String> command = new ArrayList<>(limits.prefix(script.worker()));
            command.addAll(setsid);
            command.addAll(shell.commandLine(script.text(), files.script()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(new File(script.directory()))
                    .redirectInput(new File(File.separatorChar == '\\' ? "NUL" : "/dev/null"))
                    .redirectOutput(files.stdout().toFile())
                    .redirectError(files.stderr().toFile());
            environment.prepare(builder, script.run(), script.branch());
            return new LocalScript(builder.start(), script, files, options.output().maxBytes(), watch);
        } catch (IOException e) {
            files.delete();
            throw e;
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
