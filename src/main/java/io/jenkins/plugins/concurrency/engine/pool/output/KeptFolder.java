package io.jenkins.plugins.concurrency.engine.pool.output;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The folder for whole outputs of a run's commands, until they become artifacts of the build. Every file system and
 * browser accepts its names.
 *
 * @param root to which artifacts' names are relative
 * @param name the folder, relative to the root
 */
public record KeptFolder(Path root, String name) {

    private static final String ALL = "concurrency";

    private static final Pattern FILE = Pattern.compile(ALL + "/[A-Za-z0-9._-]{1,150}/[A-Za-z0-9._-]{1,150}");
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]+");
    private static final Pattern AT_ENDS = Pattern.compile("^[._-]+|[._-]+$");

    private static final int MAX_NAME = 60;
    private static final int ID_LENGTH = 8;

    /** @param label names the step, for users; the run's id makes it different from others of that name */
    static KeptFolder of(Path root, String label, String runId) {
        String id = runId.substring(0, Math.min(ID_LENGTH, runId.length()));
        return new KeptFolder(root, ALL + "/" + joined(safe(label), id));
    }

    Path directory() {
        return root.resolve(name);
    }

    /** The name of the files of a branch, which no other branch has, without its end. */
    static String fileName(int index, String branch) {
        return joined(Integer.toString(index + 1), safe(branch));
    }

    /** How a file of the folder will be known among the build's artifacts. */
    String nameOf(String file) {
        return name + "/" + file;
    }

    /** Whether something can be the name of a kept output, below the root. */
    public static boolean isKept(String file) {
        return FILE.matcher(file).matches() && !file.contains("/.");
    }

    private static String joined(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "-" + second;
    }

    private static String safe(String text) {
        String plain = UNSAFE.matcher(text).replaceAll("-");
        String cut = plain.length() <= MAX_NAME ? plain : plain.substring(0, MAX_NAME);
        return AT_ENDS.matcher(cut).replaceAll("");
    }
}
