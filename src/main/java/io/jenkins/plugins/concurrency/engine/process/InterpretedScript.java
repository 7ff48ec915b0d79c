package io.jenkins.plugins.concurrency.engine.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A script and the program that reads it, as with Pipeline's {@code sh}: the program of the script's {@code #!} line;
 * without one, the program that the step names; without that, the machine's shell.
 *
 * @param interpreter the program and its options, to which the script's file is added; empty for the machine's shell
 */
public record InterpretedScript(String text, List<String> interpreter) {

    private static final String MARK = "#!";

    /** Many programs in one, which its first argument names. */
    private static final String BUSYBOX = "busybox";

    private static final Set<String> POSIX_SHELLS =
            Set.of("sh", "ash", "bash", "dash", "ksh", "ksh93", "mksh", "pdksh", "yash", "zsh");

    /** @throws IllegalArgumentException if the interpreter has a NUL character, which no argument can have */
    public InterpretedScript {
        interpreter = List.copyOf(interpreter);
        if (interpreter.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("the name of its shell has a NUL character");
        }
    }

    /**
     * Finds the program that reads a script.
     *
     * @param shell a program, perhaps with options; empty for the machine's shell
     * @throws IllegalArgumentException if no program can have such a name, in one line
     */
    public static InterpretedScript of(String text, String shell) {
        return new InterpretedScript(text, text.startsWith(MARK) ? ofFirstLine(text) : named(shell));
    }

    /** As Linux reads it: everything after the program is one argument. */
    private static List<String> ofFirstLine(String text) {
        String line = text.lines().findFirst().orElse("").substring(MARK.length()).strip();
        return line.isEmpty() ? List.of() : List.of(line.split("[ \t]+", 2));
    }

    /**
     * Without other options a shell gets {@code -e}, like the machine's own: it ends at the first command that fails.
     * Of busybox, the shell is meant if nothing else is named.
     */
    private static List<String> named(String shell) {
        if (shell.isBlank()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(List.of(shell.strip().split("\\s+")));
        boolean isInBusybox = baseName(words.get(0)).equals(BUSYBOX);
        if (isInBusybox && words.size() == 1) {
            words.add("sh");
        }
        int last = words.size() - 1;
        if (last == (isInBusybox ? 1 : 0) && POSIX_SHELLS.contains(baseName(words.get(last)))) {
            words.add("-e");
        }
        return words;
    }

    /** Whether the text may be a script for a POSIX shell. For {@code env} and busybox the program after it counts. */
    public boolean isForPosixShell() {
        for (String argument : interpreter) {
            for (String word : argument.split("[ \t]+")) {
                String name = baseName(word);
                boolean isBefore = name.equals("env") || name.equals(BUSYBOX) || word.startsWith("-") || word.contains("=");
                if (!isBefore) {
                    return POSIX_SHELLS.contains(name);
                }
            }
        }
        return interpreter.isEmpty();
    }

    /** The same interpreter with another text. */
    public InterpretedScript with(String newText) {
        return new InterpretedScript(newText, interpreter);
    }

    private static String baseName(String program) {
        return program.substring(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1)
                .replaceFirst("\\.exe$", "");
    }
}
