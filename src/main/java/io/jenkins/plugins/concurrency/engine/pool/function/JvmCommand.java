package io.jenkins.plugins.concurrency.engine.pool.function;

import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.ClassArchive;
import io.jenkins.plugins.concurrency.engine.process.CompilationDelay;
import java.util.ArrayList;
import java.util.List;

/** The command line of a JVM that runs functions. */
public final class JvmCommand {

    /** Groovy 2.4 uses reflection on these packages. The platform has closed them since Java 16. */
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

    /** How much of the machine's memory the heaps of all workers together may use. */
    private static final int MAX_MEMORY_PERCENT = 50;

    private JvmCommand() {}

    /**
     * The command line.
     *
     * @param java the java program
     * @param charset the options that choose the JVM's default charset, which depend on the machine
     * @param classPath holds this plugin's jar, Jackson and Groovy
     */
    public static List<String> of(
            String java,
            List<String> charset,
            String classPath,
            WorkerStart.Program.Functions program,
            FunctionChannel channel) {
        List<String> command = new ArrayList<>(channel.starter());
        command.add(java);
        OPENED.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
        command.add("-XX:+UseSerialGC");
        // The JVM's default is a quarter of the memory. That is too much if there is a JVM for each processor.
        command.add(
                program.heap() > 0
                        ? "-Xmx" + program.heap() + "m"
                        : "-XX:MaxRAMPercentage=" + Math.max(1, MAX_MEMORY_PERCENT / program.sharers()));
        command.addAll(CompilationDelay.options());
        // If a heap is full, only the worker and its branch are lost.
        command.add("-XX:+ExitOnOutOfMemoryError");
        // The JVM's own messages, such as the one about a full heap, must not be read as answers.
        command.add("-XX:+DisplayVMOutputToStderr");
        // The same for messages about a crash. Its files do not belong in the workspace.
        command.add("-XX:+SuppressFatalErrorMessage");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-Djava.awt.headless=true");
        command.addAll(charset);
        // Groovy's JSON uses sun.misc.Unsafe; Java 24 and later would warn of that. Others do not know the property.
        command.add("-Dsun.misc.unsafe.memory.access=allow");
        command.addAll(ClassArchive.options(classPath));
        command.add("-cp");
        command.add(classPath);
        command.addAll(List.of(FunctionMain.class.getName(), channel.requests(), channel.answers()));
        return command;
    }
}
