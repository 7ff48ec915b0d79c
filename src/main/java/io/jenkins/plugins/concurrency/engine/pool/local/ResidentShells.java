package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.pool.TaskTimer;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts scripts by resident shells, one for each worker. Needs Bash 5: other shells have no job control without a
 * terminal.
 */
final class ResidentShells implements ScriptStarter {

    /**
     * The longest script in characters that goes through the pipe. Bash reads a pipe byte by byte, so longer ones go
     * through a file.
     */
    private static final int MAX_TEXT = 2_000;

    private static final String IS_NEW_ENOUGH = "((BASH_VERSINFO[0] >= 5))";

    private final Path bash;
    private final Path outputs;
    private final ResourceLimits limits;
    private final CommandOptions options;
    private final TaskEnvironment environment;
    private final TaskTimer watch = new TaskTimer();

    /** Each worker's shell. Guarded by this. */
    private final Map<Integer, ResidentShell> shells = new HashMap<>();

    private ResidentShells(
            Path bash, Path outputs, CommandOptions options, ResourceLimits limits, TaskEnvironment environment) {
        this.bash = bash;
        this.outputs = outputs;
        this.options = options;
        this.limits = limits;
        this.environment = environment;
    }

    /** @return {@code null} if the machine has no such shell */
    @CheckForNull
    static ResidentShells in(Path outputs, CommandOptions options, ResourceLimits limits, TaskEnvironment environment) {
        return Stream.of("/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash")
                .map(Path::of)
                .filter(bash -> Files.isExecutable(bash) && isNewEnough(bash))
                .findFirst()
                .map(bash -> new ResidentShells(bash, outputs, options, limits, environment))
                .orElse(null);
    }

    private static boolean isNewEnough(Path bash) {
        try {
            Process process = new ProcessBuilder(bash.toString(), "-p", "-c", IS_NEW_ENOUGH)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public RunningScript start(ScriptSpec script) throws IOException {
        TaskFiles files = TaskFiles.in(outputs, script.index());
        try {
            List<String> request = request(script, files);
            try {
                return start(script, files, request);
            } catch (IOException e) {
                return start(script, files, request); // the shell ended while it had no task; this starts a new one
            }
        } catch (IOException e) {
            files.delete();
            throw e;
        }
    }

    private RunningScript start(ScriptSpec script, TaskFiles files, List<String> request) throws IOException {
        ResidentShell shell = shell(script);
        ResidentScript started = new ResidentScript(shell, script, files, options.output().maxBytes());
        shell.run(request, started);
        started.watch(watch);
        return started;
    }

    private List<String> request(ScriptSpec script, TaskFiles files) throws IOException {
        List<String> request = new ArrayList<>(List.of(Integer.toString(script.index()), script.branch().value()));
        InterpretedScript given = script.script();
        String text = given.text();
        boolean isShort = text.length() <= MAX_TEXT && given.interpreter().isEmpty();
        String simple = isShort ? SimpleCommand.toEvaluate(text) : null;
        if (simple != null) {
            request.addAll(List.of("eval", simple));
        } else if (isShort && text.indexOf('\0') < 0) {
            request.addAll(List.of("-ec", text));
        } else {
            Files.write(files.script(), text.getBytes(StandardCharsets.UTF_8));
            request.addAll(List.of("eval", "exec " + words(given, files)));
        }
        return request;
    }

    private static String words(InterpretedScript script, TaskFiles files) {
        return MachineShell.POSIX.fileCommandLine(script, files.script().toString()).stream()
                .map(CommandTemplate::literal)
                .collect(Collectors.joining(" "));
    }

    private synchronized ResidentShell shell(ScriptSpec script) throws IOException {
        ResidentShell shell = shells.get(script.worker());
        if (shell != null && options.maxTasksPerWorker() > 0 && shell.begun() >= options.maxTasksPerWorker()) {
            shell.close();
            shell = null;
        }
        if (shell == null || shell.isGone()) {
            shell = ResidentShell.start(builder(script), script.worker());
            shells.put(script.worker(), shell);
        }
        return shell;
    }

    private ProcessBuilder builder(ScriptSpec script) {
        List<String> command = new ArrayList<>(limits.prefix(script.worker()));
        command.addAll(List.of(bash.toString(), "-p", "-c", ResidentShell.LOOP, "/bin/sh"));
        command.addAll(List.of(script.directory(), outputs.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File(script.directory()))
                .redirectError(ProcessBuilder.Redirect.DISCARD); // where it reports tasks that a signal ended
        environment.prepare(builder, script.run());
        return builder;
    }

    @Override
    public synchronized void close() {
        shells.values().forEach(ResidentShell::close);
        shells.values().forEach(ResidentShell::awaitEnd);
        shells.clear();
        watch.close();
    }
}
