package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.MasterToSlaveFileCallable;

/** Tells what is wrong with the agent's Java for starting another process of it; {@code null} if nothing is. */
final class AgentJava extends MasterToSlaveFileCallable<String> {

    private static final long serialVersionUID = 1;

    @Override
    @CheckForNull
    public String invoke(File anywhere, VirtualChannel channel) {
        return problem(Path.of(System.getProperty("java.home")));
    }

    @CheckForNull
    static String problem(@NonNull Path javaHome) {
        Path java = javaHome.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
        return Files.isExecutable(java) ? null : "there is no program " + java;
    }
}
