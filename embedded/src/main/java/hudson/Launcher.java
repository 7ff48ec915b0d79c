package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.embedded.process.LocalProcess;
import io.jenkins.plugins.concurrency.embedded.process.ProcessTrees;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Starts processes on an agent. Thread safe. */
public abstract class Launcher {

    protected final TaskListener listener;

    @CheckForNull
    protected final VirtualChannel channel;

    protected Launcher(TaskListener listener, @CheckForNull VirtualChannel channel) {
        this.listener = listener;
        this.channel = channel;
    }

    protected Launcher(Launcher launcher) {
        this(launcher.listener, launcher.channel);
    }

    public boolean isUnix() {
        return File.pathSeparatorChar == ':';
    }

    public final ProcStarter launch() {
        return new ProcStarter();
    }

    public abstract Proc launch(ProcStarter starter) throws IOException;

    /** Ends the processes whose environment has all these variables. */
    public abstract void kill(Map<String, String> modelEnvVars) throws IOException, InterruptedException;

    /** A launcher that adds these variables to the environment of all it starts. */
    public final Launcher decorateByEnv(EnvVars env) {
        Launcher outer = this;
        return new Launcher(outer) {
            @Override
            public Proc launch(ProcStarter starter) throws IOException {
                EnvVars merged = new EnvVars(env);
                merged.overrideAll(starter.environment());
                return outer.launch(starter.copy().envs(merged));
            }

            @Override
            public void kill(Map<String, String> modelEnvVars) throws IOException, InterruptedException {
                outer.kill(modelEnvVars);
            }

            @Override
            public boolean isUnix() {
                return outer.isUnix();
            }
        };
    }

    /** What to start and how; each method but the last ones sets one thing and returns this. Not thread safe. */
    public final class ProcStarter {

        private List<String> commands = List.of();
        private boolean[] masks;
        private boolean quiet;
        private FilePath pwd;
        private OutputStream stdout = OutputStream.nullOutputStream();
        private OutputStream stderr;
        private InputStream stdin = InputStream.nullInputStream();
        private String[] envs = {};
        private boolean readStdout;
        private boolean writeStdin;

        public ProcStarter cmds(String... args) {
            return cmds(List.of(args));
        }

        public ProcStarter cmds(List<String> args) {
            commands = List.copyOf(args);
            return this;
        }

        /** Which words of the command not to show. */
        public ProcStarter masks(@CheckForNull boolean... hidden) {
            masks = hidden;
            return this;
        }

        /** Not to show the command in the log. */
        public ProcStarter quiet(boolean hide) {
            quiet = hide;
            return this;
        }

        public ProcStarter pwd(@CheckForNull FilePath workDir) {
            pwd = workDir;
            return this;
        }

        public ProcStarter stdout(@CheckForNull OutputStream out) {
            stdout = out;
            return this;
        }

        /** Without it, what the process writes there goes to its standard output. */
        public ProcStarter stderr(@CheckForNull OutputStream err) {
            stderr = err;
            return this;
        }

        public ProcStarter stdin(@CheckForNull InputStream in) {
            stdin = in;
            return this;
        }

        /** Variables to change in the agent's environment. */
        public ProcStarter envs(Map<String, String> overrides) {
            envs = Util.mapToEnv(overrides);
            return this;
        }

        public ProcStarter envs(@CheckForNull String... overrides) {
            envs = overrides == null ? new String[0] : overrides.clone();
            return this;
        }

        EnvVars environment() {
            EnvVars variables = new EnvVars();
            for (String assignment : envs) {
                int equals = assignment.indexOf('=');
                variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
            return variables;
        }

        public ProcStarter readStdout() {
            readStdout = true;
            return this;
        }

        public ProcStarter writeStdin() {
            writeStdin = true;
            return this;
        }

        public Proc start() throws IOException {
            return launch(this);
        }

        public int join() throws IOException, InterruptedException {
            return start().join();
        }

        public ProcStarter copy() {
            ProcStarter copy = new ProcStarter();
            copy.commands = commands;
            copy.masks = masks;
            copy.quiet = quiet;
            copy.pwd = pwd;
            copy.stdout = stdout;
            copy.stderr = stderr;
            copy.stdin = stdin;
            copy.envs = envs;
            copy.readStdout = readStdout;
            copy.writeStdin = writeStdin;
            return copy;
        }
    }

    /** Starts processes on this machine. */
    public static class LocalLauncher extends Launcher {

        public LocalLauncher(TaskListener listener) {
            this(listener, FilePath.localChannel);
        }

        public LocalLauncher(TaskListener listener, VirtualChannel channel) {
            super(listener, channel);
        }

        @Override
        public Proc launch(ProcStarter starter) throws IOException {
            if (!starter.quiet) {
                showCommand(starter);
            }
            ProcessBuilder builder = new ProcessBuilder(starter.commands);
            if (starter.pwd != null) {
                builder.directory(new File(starter.pwd.getRemote()));
            }
            EnvVars environment = new EnvVars(System.getenv());
            environment.overrideAll(starter.environment());
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.redirectErrorStream(starter.stderr == null);
            return new LocalProcess(
                    builder.start(),
                    starter.writeStdin ? null : starter.stdin,
                    starter.readStdout ? null : starter.stdout,
                    starter.stderr);
        }

        private void showCommand(ProcStarter starter) {
            StringBuilder line = new StringBuilder(starter.pwd == null ? "$" : "[" + starter.pwd.getName() + "] $");
            for (int i = 0; i < starter.commands.size(); i++) {
                boolean hidden = starter.masks != null && i < starter.masks.length && starter.masks[i];
                line.append(' ').append(hidden ? "********" : starter.commands.get(i));
            }
            listener.getLogger().println(line);
        }

        @Override
        public void kill(Map<String, String> modelEnvVars) throws InterruptedException {
            ProcessTrees.killAllWith(modelEnvVars);
        }
    }

    /** Never made here, where every node is this machine. */
    public static class RemoteLauncher extends Launcher {

        private final boolean isUnix;

        public RemoteLauncher(TaskListener listener, VirtualChannel channel, boolean isUnix) {
            super(listener, channel);
            this.isUnix = isUnix;
        }

        @Override
        public boolean isUnix() {
            return isUnix;
        }

        @Override
        public Proc launch(ProcStarter starter) throws IOException {
            throw new UnsupportedOperationException("there are no other machines here");
        }

        @Override
        public void kill(Map<String, String> modelEnvVars) throws IOException, InterruptedException {
            throw new UnsupportedOperationException("there are no other machines here");
        }
    }
}
