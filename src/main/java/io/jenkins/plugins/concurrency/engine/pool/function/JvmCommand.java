package io.jenkins.plugins.concurrency.engine.pool.function;

import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.process.CompilationDelay;
import java.util.ArrayList;
import java.util.List;

/** The command line of a JVM that runs functions. */
public final class JvmCommand {

    /** Groovy 2.4 reflects on these packages, which the platform has closed since Java 16. */
    private static final List<String> OPENED = List.of(
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.reflect",
            "java.base/java.math",
            "java.base/java.net",
            "java.base/java.nio.file",
            "java.base/java.text",
            "java.base/java.time",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.regex");

    /** How much of the machine's memory the heaps of all workers may take. */
    private static final int MAX_MEMORY_PERCENT = 50;

    private JvmCommand() {}

    /**
     * The command line.
     *
     * @param java the java program
     * @param classPath holds this plugin's jar, Jackson and Groovy
     */
    public static List<String> of(
            String java, String classPath, WorkerStart.Program.Functions program, FunctionChannel channel) {
        List<String> command = new ArrayList<>(channel.starter());
        command.add(java);
        OPENED.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
        command.add("-XX:+UseSerialGC");
        // The JVM's own default, a quarter of the memory, is meant for one JVM and not for one on each processor.
        command.add(
                program.heap() > 0
                        ? "-Xmx" + program.heap() + "m"
                        : "-XX:MaxRAMPercentage=" + Math.max(1, MAX_MEMORY_PERCENT / program.sharers()));
        command.addAll(CompilationDelay.options());
        // A worker whose heap is full costs the branch that filled it, nothing else.
        command.add("-XX:+ExitOnOutOfMemoryError");
        // The JVM's own messages, that one about the heap among them, are no answers.
        command.add("-XX:+DisplayVMOutputToStderr");
        // Nor must those of a crash; and its files do not belong into the workspace.
        command.add("-XX:+SuppressFatalErrorMessage");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-Djava.awt.headless=true");
        command.add("-Dfile.encoding=UTF-8");
        command.addAll(ClassArchive.options(classPath));
        command.add("-cp");
        command.add(classPath);
        command.addAll(List.of(FunctionMain.class.getName(), channel.requests(), channel.answers()));
        return command;
    }
}
