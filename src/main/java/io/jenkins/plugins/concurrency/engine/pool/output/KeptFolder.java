package io.jenkins.plugins.concurrency.engine.pool.output;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The folder for whole outputs of a run's commands, until they become artifacts of the build. Every file system and
 * browser accepts its names.
 *
 * @param root the folder that artifacts' names are relative to
 * @param name the folder, relative to the root
 */
public record KeptFolder(Path root, String name) {

    private static final String ALL = "concurrency";

    private static final Pattern FILE = Pattern.compile(ALL + "/[A-Za-z0-9._-]{1,150}/[A-Za-z0-9._-]{1,150}");
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]+");
    private static final Pattern AT_ENDS = Pattern.compile("^[._-]+|[._-]+$");

    private static final int MAX_NAME = 60;
    private static final int ID_LENGTH = 8;

    /** @param label the step's name for users; the run's id is added, because other steps may have the same name */
    static KeptFolder of(Path root, String label, String runId) {
        String id = runId.substring(0, Math.min(ID_LENGTH, runId.length()));
        return new KeptFolder(root, ALL + "/" + joined(safe(label), id));
    }

    Path directory() {
        return root.resolve(name);
    }

    /** The name of a branch's files, without suffix; unique in the run. */
    static String fileName(int index, String branch) {
        return joined(Integer.toString(index + 1), safe(branch));
    }

    /** The name of a file as an artifact of the build. */
    String nameOf(String file) {
        return name + "/" + file;
    }

    /** Whether a path below the root can be that of a kept output. */
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
