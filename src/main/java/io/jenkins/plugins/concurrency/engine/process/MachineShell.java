package io.jenkins.plugins.concurrency.engine.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command interpreter of this process's machine. */
public enum MachineShell {
    /** {@code /bin/sh -e}: a script ends at the first line that fails, as in Pipeline's {@code sh}. */
    POSIX {
        @Override
        public List<String> commandLine(InterpretedScript script, Path scratch) throws IOException {
            String text = script.text();
            if (script.interpreter().isEmpty() && text.length() < MAX_ARGUMENT && isAscii(text)) {
                return List.of("/bin/sh", "-ec", text);
            }
            // The size of an argument is limited, and the locale encodes it. A file has neither problem.
            return super.commandLine(script, scratch);
        }

        @Override
        String ownText(String script) {
            return script;
        }

        @Override
        List<String> own() {
            return List.of("/bin/sh", "-e");
        }
    },
    /** {@code cmd.exe}. */
    WINDOWS {
        @Override
        String ownText(String script) {
            return "@echo off\r\nchcp 65001 >nul\r\n" + script.replaceAll("\r?\n", "\r\n");
        }

        @Override
        List<String> own() {
            return List.of("cmd.exe", "/d", "/c");
        }
    };

    /** In bytes. Kernels allow some more for one argument (128 KiB on Linux). */
    private static final int MAX_ARGUMENT = 100_000;

    /** The shell of this machine. */
    public static MachineShell local() {
        return File.separatorChar == '\\' ? WINDOWS : POSIX;
    }

    /**
     * How to start a script.
     *
     * @param scratch a file whose name ends in {@code .cmd} and that may be written; the caller deletes it when the
     *     script has ended
     * @throws IOException if it could not be written
     */
    public List<String> commandLine(InterpretedScript script, Path scratch) throws IOException {
        Files.write(scratch, fileText(script).getBytes(StandardCharsets.UTF_8));
        return fileCommandLine(script, scratch.toString());
    }

    /** The text of a file, whose name ends in {@code .cmd}, for {@link #fileCommandLine}. */
    public String fileText(InterpretedScript script) {
        return script.interpreter().isEmpty() ? ownText(script.text()) : script.text();
    }

    /** How to start a script that is in a file. */
    public List<String> fileCommandLine(InterpretedScript script, String file) {
        List<String> command = new ArrayList<>(script.interpreter().isEmpty() ? own() : script.interpreter());
        command.add(file);
        return command;
    }

    /** The text of a file that this shell reads itself. */
    abstract String ownText(String script);

    /** This shell and its options, to which a file is added. */
    abstract List<String> own();

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
