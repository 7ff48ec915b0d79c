package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Function;

/** Runs each branch as a shell command in a process of its own. */
public final class CommandAttempter implements Attempter<PoolBranch>, Closeable {

    private final WorkerSlots slots = new WorkerSlots();

    /** How much standard output all branches together may keep, besides the ends; in characters. */
    private static final long MAX_WHOLE_OUTPUTS = 128L * 1024 * 1024;

    private final WholeOutputs wholeOutputs = new WholeOutputs(MAX_WHOLE_OUTPUTS);

    @CheckForNull
    private final CommandTemplate template;

    private final String shell;

    private final PoolHost host;
    private final String directory;
    private final String runId;
    private final SecretMask mask;
    private final Function<PoolBranch, OutputReader> outputs;

    /**
     * @param template for branches without their own command, or {@code null}
     * @param shell runs the commands that do not name a shell; empty for the host's shell
     * @param directory where commands run, as a path of the host
     * @param runId becomes the value of {@link PoolEnvironment#RUN} in the commands' environment
     * @param mask for the commands' outputs
     * @param outputs makes the reader of a branch's whole outputs
     */
    public CommandAttempter(
            @CheckForNull CommandTemplate template,
            String shell,
            PoolHost host,
            String directory,
            String runId,
            SecretMask mask,
            Function<PoolBranch, OutputReader> outputs) {
        this.template = template;
        this.shell = shell;
        this.host = host;
        this.directory = directory;
        this.runId = runId;
        this.mask = mask;
        this.outputs = outputs;
    }

    @Override
    public Attempt attempt(PoolBranch branch, int number) {
        InterpretedScript text;
        try {
            text = script(branch);
        } catch (IllegalArgumentException e) {
            return Attempt.ended(AttemptResult.permanentFailure(ErrorType.INVALID, e.getMessage()));
        }
        wholeOutputs.drop(branch.index());
        int slot = slots.take();
        ScriptSpec script = new ScriptSpec(
                branch.index(),
                slot,
                text,
                directory,
                PoolEnvironment.runCookie(runId),
                PoolEnvironment.branchCookie(runId, branch.index()),
                outputs.apply(branch));
        try {
            CommandAttempt attempt = new CommandAttempt(
                    host.start(script), mask, slot, more -> wholeOutputs.keep(branch.index(), more));
            attempt.result().whenComplete((result, thrown) -> slots.free(slot));
            return attempt;
        } catch (HostException e) {
            slots.free(slot);
            return Attempt.ended(e.result());
        } catch (IOException e) {
            slots.free(slot);
            return Attempt.ended(AttemptResult.failed(ErrorType.ERROR, "can't start a shell: " + e.getMessage()));
        }
    }

    /** Call when no attempt is running. */
    @Override
    public void close() {
        host.close();
    }

    private InterpretedScript script(PoolBranch branch) {
        if (branch.command() != null) {
            return InterpretedScript.of(branch.command(), shell);
        }
        if (template == null) {
            throw new IllegalArgumentException("the task has no command");
        }
        String command = template.expand(branch.input(), branch.index() + 1);
        return InterpretedScript.of(template.text(), shell).with(command);
    }
}
