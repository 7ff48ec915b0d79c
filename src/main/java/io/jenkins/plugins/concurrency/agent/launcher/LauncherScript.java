package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.FilePath;
import hudson.Proc;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A script that is started through a launcher, by a thread that waits for its end. The script is sent as a file, like
 * the scripts of {@code sh}, because launchers treat quotes and dollar signs in arguments differently.
 */
final class LauncherScript implements RunningScript, Runnable {

    private final LauncherTarget target;
    private final ScriptSpec script;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final LauncherProcess process;

    LauncherScript(LauncherTarget target, ScriptSpec script) {
        this.target = target;
        this.script = script;
        this.process = new LauncherProcess(target, script.branch());
    }

    @Override
    public CompletionStage<End> end() {
        return end;
    }

    @Override
    public void abort() {
        process.kill();
    }

    @Override
    public void run() {
        FilePath file = target.scratch(script.index() + ".cmd");
        try (TailStream out = new TailStream(OutputTail.MAX_WHOLE);
                TailStream err = new TailStream()) {
            MachineShell shell = target.shell();
            file.write(shell.fileText(script.script()), "UTF-8");
            LauncherProcess.End ended = process.run(() -> start(shell.fileCommandLine(script.script(), file.getRemote()), out, err));
            LauncherTarget.attempt(file::delete);
            Cause cause = ended.killed() ? Cause.ABORTED : Cause.ITSELF;
            end.complete(new End(ended.exitCode(), out.tail(), err.tail(), cause));
        } catch (HostException e) {
            end.completeExceptionally(e);
        } catch (IOException | RuntimeException e) {
            end.completeExceptionally(target.explain("can't run a shell through the launcher", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.completeExceptionally(e);
        } catch (Error e) {
            end.completeExceptionally(e);
            throw e;
        }
    }

    private Proc start(List<String> command, TailStream out, TailStream err) throws IOException {
        return target.prepare(command, script.directory(), List.of(script.run(), script.branch()))
                .stdout(out)
                .stderr(err)
                .start();
    }
}
