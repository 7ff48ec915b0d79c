package io.jenkins.plugins.concurrency.engine.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command interpreter of this process's machine. */
public enum CommandShell {
    /** {@code /bin/sh -e}: a script of several lines ends at the first that fails, as in Pipeline's {@code sh}. */
    POSIX {
        @Override
        public List<String> commandLine(String script, Path scratch) throws IOException {
            if (script.length() < MAX_ARGUMENT && isAscii(script)) {
                return List.of("/bin/sh", "-ec", script);
            }
            // An argument is limited in size and encoded by the locale; a file is neither.
            Files.writeString(scratch, script);
            return fileCommandLine(scratch.toString());
        }

        @Override
        public String fileText(String script) {
            return script;
        }

        @Override
        public List<String> fileCommandLine(String file) {
            return List.of("/bin/sh", "-e", file);
        }
    },
    /** {@code cmd.exe}. */
    WINDOWS {
        @Override
        public List<String> commandLine(String script, Path scratch) throws IOException {
            Files.writeString(scratch, fileText(script));
            return fileCommandLine(scratch.toString());
        }

        @Override
        public String fileText(String script) {
            return "@echo off\r\nchcp 65001 >nul\r\n" + script.replaceAll("\r?\n", "\r\n");
        }

        @Override
        public List<String> fileCommandLine(String file) {
            return List.of("cmd.exe", "/d", "/c", file);
        }
    };

    /** Below what the kernels allow for one argument (128 KiB on Linux). */
    private static final int MAX_ARGUMENT = 100_000;

    /** The shell of this machine. */
    public static CommandShell local() {
        return File.separatorChar == '\\' ? WINDOWS : POSIX;
    }

    /**
     * How to start a script.
     *
     * @param scratch a file whose name ends in {@code .cmd} and that may be written; the caller deletes it when the
     *     script has ended
     * @throws IOException if it could not be written
     */
    public abstract List<String> commandLine(String script, Path scratch) throws IOException;

    /** The text of a file, whose name ends in {@code .cmd}, for {@link #fileCommandLine}. */
    public abstract String fileText(String script);

    /** How to start a script that is in a file. */
    public abstract List<String> fileCommandLine(String file);

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
