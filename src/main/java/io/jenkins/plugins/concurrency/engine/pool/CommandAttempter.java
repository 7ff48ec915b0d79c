package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.Shell;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs each branch as a shell command in a process of its own. */
public final class CommandAttempter implements Attempter<PoolBranch> {

    private final Shell shell = Shell.local();
    private final Slots slots = new Slots();

    @CheckForNull
    private final CommandTemplate template;

    private final Path directory;
    private final Path outputs;
    private final String runId;

    /**
     * @param template for branches without a command of their own, or {@code null}
     * @param directory where commands run
     * @param outputs a folder for the outputs of running commands, made if missing
     * @param runId becomes the value of {@link PoolEnvironment#RUN} in the commands' environment
     * @throws IOException if the folder can't be made
     */
    public CommandAttempter(
            @CheckForNull CommandTemplate template, @NonNull Path directory, @NonNull Path outputs, @NonNull String runId)
            throws IOException {
        this.template = template;
        this.directory = directory;
        this.outputs = Files.createDirectories(outputs);
        this.runId = runId;
    }

    @Override
    public Attempt attempt(PoolBranch branch, int number) {
        String script;
        try {
            script = script(branch);
        } catch (IllegalArgumentException e) {
            return Attempt.ended(AttemptResult.hopeless(ErrorType.INVALID, e.getMessage()));
        }
        int slot = slots.take();
        TaskFiles files = TaskFiles.in(outputs, branch.index());
        ProcessCookie cookie = PoolEnvironment.branchCookie(runId, branch.index());
        try {
            ProcessBuilder builder = new ProcessBuilder(shell.commandLine(script, files.script()))
                    .directory(directory.toFile())
                    .redirectInput(new File(File.separatorChar == '\\' ? "NUL" : "/dev/null"))
                    .redirectOutput(files.stdout().toFile())
                    .redirectError(files.stderr().toFile());
            PoolEnvironment.runCookie(runId).putInto(builder.environment());
            cookie.putInto(builder.environment());
            CommandAttempt attempt = new CommandAttempt(builder.start(), cookie, files, slot);
            attempt.result().whenComplete((result, thrown) -> slots.free(slot));
            return attempt;
        } catch (IOException e) {
            slots.free(slot);
            files.delete();
            return Attempt.ended(AttemptResult.failed(ErrorType.ERROR, "can't start a shell: " + e.getMessage()));
        }
    }

    private String script(PoolBranch branch) {
        if (branch.command() != null) {
            return branch.command();
        }
        if (template == null) {
            throw new IllegalArgumentException("the task has no command");
        }
        Object input = branch.input();
        return template.expand(input instanceof String text ? text : Json.write(input), branch.index() + 1);
    }
}
