package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.supervisor.Supervisor;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.MasterToSlaveFileCallable;

/**
 * Starts a supervisor for a run directory, detached from the agent's own process and session, unless a living one is
 * there already. The environment is handed over as environment, never through a file.
 */
final class StartSupervisor extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    private final ArrayList<String> classPath;
    private final EnvVars environment;

    StartSupervisor(@NonNull List<String> classPath, @NonNull EnvVars environment) {
        this.classPath = new ArrayList<>(classPath);
        this.environment = new EnvVars(environment);
    }

    @Override
    public Void invoke(File runDirectory, VirtualChannel channel) throws IOException {
        RunFiles files = new RunFiles(runDirectory.toPath());
        if (SupervisorProcess.read(files).flatMap(SupervisorProcess::handle).isPresent()) {
            return null;
        }
        ProcessBuilder builder = new ProcessBuilder(commandLine(runDirectory))
                .directory(runDirectory)
                .redirectErrorStream(true)
                .redirectInput(new File(File.separatorChar == '\\' ? "NUL" : "/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()));
        setEnvironment(builder.environment());
        Process process = builder.start();
        SupervisorProcess.of(process.toHandle()).write(files);
        return null;
    }

    private void setEnvironment(Map<String, String> inherited) {
        EnvVars merged = new EnvVars(inherited);
        merged.overrideAll(environment);
        inherited.clear();
        inherited.putAll(merged);
    }

    private List<String> commandLine(File runDirectory) {
        List<String> command = new ArrayList<>();
        // A session of its own, so that what ends the agent's process group (Ctrl-C, a closed terminal) passes it by.
        for (String setsid : List.of("/usr/bin/setsid", "/bin/setsid")) {
            if (command.isEmpty() && Files.isExecutable(Path.of(setsid))) {
                command.add(setsid);
            }
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        // Without memory nothing goes on in order; another supervisor does, where this one was.
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Djava.awt.headless=true");
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Dslf4j.internal.verbosity=ERROR");
        command.add("-cp");
        command.add(String.join(File.pathSeparator, classPath));
        command.add(Supervisor.class.getName());
        command.add(runDirectory.getAbsolutePath());
        return command;
    }
}
