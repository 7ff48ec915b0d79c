package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.remoting.VirtualChannel;
import hudson.slaves.WorkspaceList;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import jenkins.MasterToSlaveFileCallable;
import jenkins.model.Jenkins;

/**
 * Where a run works, in a form that survives restarts of controller and agent. Immutable. It is part of a Pipeline's
 * program state. Not a record, because not every marshaller of program states can read records.
 */
public final class RunLocation implements Serializable {

    private static final long serialVersionUID = 1;

    /** Connections to agents that can start supervisors. They are not asked again. */
    private static final Set<VirtualChannel> WITH_JAVA =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final String node;
    private final String directory;

    private RunLocation(String node, String directory) {
        this.node = node;
        this.directory = directory;
    }

    /**
     * The location of a run in a workspace: beside the workspace, so that it does not disturb the job's files.
     *
     * @throws IOException if there is no folder beside the workspace
     */
    public static RunLocation of(Computer computer, FilePath workspace, String runId)
            throws IOException {
        FilePath temporary = WorkspaceList.tempDir(workspace);
        if (temporary == null) {
            throw new IOException("there is no folder beside " + workspace.getRemote());
        }
        FilePath directory = temporary.child("concurrency").child(runId);
        return new RunLocation(computer.getName(), directory.getRemote());
    }

    /**
     * A location from its parts, which were stored as texts.
     *
     * @param node the name of the node; empty for the built-in one
     * @param directory the run directory, as the node's file system names it
     */
    public static RunLocation of(String node, String directory) {
        return new RunLocation(node, directory);
    }

    /** The name of the node; empty for the built-in one. */
    public String node() {
        return node;
    }

    /** The node's name in messages. */
    public String nodeText() {
        return nodeText(node);
    }

    /** The name of a node in messages. The name of Jenkins' own node is empty. */
    public static String nodeText(String node) {
        return node.isEmpty() ? "the built-in node" : "agent '" + node + "'";
    }

    /** The run directory, as the node's file system names it. */
    public String directory() {
        return directory;
    }

    /** Threads for work that waits for the node. */
    public Executor threads() {
        return RunThreads.ofAgent(node);
    }

    /** The run directory through the present connection; {@code null} if the node is not connected. */
    @CheckForNull
    public RunDirectory connect() {
        FilePath resolved = resolve();
        return resolved == null ? null : new RunDirectory(this::resolve, resolved);
    }

    /** The run directory; {@code null} if the node is not connected. */
    @CheckForNull
    public FilePath resolve() {
        Computer computer = Jenkins.get().getComputer(node);
        VirtualChannel channel = computer == null ? null : computer.getChannel();
        return channel == null ? null : new FilePath(channel, directory);
    }

    /** Whether the node is connected. */
    public boolean isConnected() {
        return resolve() != null;
    }

    /**
     * How many processors work on the node may use. Waits for the node.
     *
     * @throws IOException if it does not say
     */
    public int processors() throws IOException, InterruptedException {
        return present().act(new CountProcessors());
    }

    /**
     * Why no supervisor can be started on the node; {@code null} if one can. Waits for the node.
     *
     * @throws IOException if it does not say
     */
    @CheckForNull
    public String javaProblem() throws IOException, InterruptedException {
        FilePath directory = present();
        String problem = WITH_JAVA.contains(directory.getChannel()) ? null : directory.act(new AgentJava());
        if (problem == null) {
            WITH_JAVA.add(directory.getChannel());
        }
        return problem;
    }

    /**
     * Another directory of the node.
     *
     * @throws IOException if the node is not connected
     */
    public FilePath resolve(String path) throws IOException {
        return new FilePath(present().getChannel(), path);
    }

    private FilePath present() throws IOException {
        FilePath resolved = resolve();
        if (resolved == null) {
            throw new IOException(nodeText() + " is not connected");
        }
        return resolved;
    }

    @Override
    public String toString() {
        return directory + " on '" + node + "'";
    }

    /** Tells why the agent's Java can't start another process; {@code null} if it can. */
    public static final class AgentJava extends MasterToSlaveFileCallable<String> {

        private static final long serialVersionUID = 1;

        @Override
        @CheckForNull
        public String invoke(File anywhere, VirtualChannel channel) {
            return problem(Path.of(System.getProperty("java.home")));
        }

        @CheckForNull
        public static String problem(Path javaHome) {
            Path java = javaHome.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
            return Files.isExecutable(java) ? null : "there is no program " + java;
        }
    }

    /** Tells how many processors the agent's process may use. */
    public static final class CountProcessors extends MasterToSlaveFileCallable<Integer> {

        private static final long serialVersionUID = 1;

        @Override
        public Integer invoke(File anywhere, VirtualChannel channel) {
            return Runtime.getRuntime().availableProcessors();
        }
    }
}
