package io.jenkins.plugins.concurrency.engine.process;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An environment variable that identifies processes that have left their parent's tree, such as background processes of
 * a command. Children inherit it unless they clear their environment. Processes are found through {@code /proc} on
 * Linux. On other systems, only the tree below a process is known.
 *
 * @param name the variable
 * @param value its value; unique to the run or the branch
 */
public record ProcessCookie(String name, String value) {

    /** Adds the cookie to the environment of a process. */
    public void putInto(Map<String, String> environment) {
        environment.put(name, value);
    }

    /** The running processes with the cookie, without this process. */
    public List<ProcessHandle> processes() {
        return List.copyOf(new ProcessSearch(this::isIn, List.of()).scan(process -> {}).found());
    }

    /** @param environment in the form of the system */
    boolean isIn(byte[] environment) {
        // Latin-1 maps every byte to a character, so every environment can be decoded
        String variables = '\0' + new String(environment, StandardCharsets.ISO_8859_1);
        String wanted = new String((name + '=' + value).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return variables.contains('\0' + wanted + '\0');
    }
}
