package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An environment variable by which processes are recognised that have left their parent's tree, for example those
 * that a command put into the background. Children inherit it unless they clear their environment.
 *
 * <p>Found through {@code /proc} on Linux. Elsewhere nothing is found, and only the tree below a process is known.
 *
 * @param name the variable
 * @param value what it is set to; unique to the run or the branch
 */
public record ProcessCookie(@NonNull String name, @NonNull String value) {

    /** Puts the cookie into the environment of a process to be started. */
    public void putInto(@NonNull Map<String, String> environment) {
        environment.put(name, value);
    }

    /** The living processes, this one left out, that carry the cookie. */
    @NonNull
    public List<ProcessHandle> processes() {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return List.of();
        }
        long self = ProcessHandle.current().pid();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> process.pid() != self && isCarriedBy(process))
                    .toList();
        }
    }

    private boolean isCarriedBy(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
            // Latin-1 maps every byte to a character, so nothing in a foreign environment can fail to decode
            String variables = '\0' + new String(environment, StandardCharsets.ISO_8859_1);
            String wanted = new String((name + '=' + value).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            return variables.contains('\0' + wanted + '\0');
        } catch (IOException e) {
            return false; // gone meanwhile, or somebody else's
        }
    }
}
