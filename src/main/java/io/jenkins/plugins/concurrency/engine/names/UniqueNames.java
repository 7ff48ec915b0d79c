package io.jenkins.plugins.concurrency.engine.names;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Gives each branch of a run its own name. Not thread-safe. */
public final class UniqueNames {

    private static final int MAX_LENGTH = 300;

    private final NameSet taken = new NameSet();

    /** A name that was given twice. */
    public static final class DuplicateNameException extends Exception {
        private static final long serialVersionUID = 1;

        DuplicateNameException(String name) {
            super("'" + name + "' is given twice");
        }
    }

    /**
     * The name of a branch.
     *
     * @param given the name that the user gave; {@code null} for none
     * @param derived the name to use otherwise; if it is used already, the branch's number is added
     * @param index the branch's index
     * @throws DuplicateNameException if the given name was used before
     */
    public String name(@CheckForNull String given, String derived, int index) throws DuplicateNameException {
        if (given != null) {
            if (!taken.add(given)) {
                throw new DuplicateNameException(given);
            }
            return given;
        }
        return derived(derived, index);
    }

    /**
     * The same names without secrets. If two become equal, the branch's number is added to one of them.
     *
     * @param names all different
     * @param mask hides secrets in a text
     */
    public static List<String> masked(List<String> names, UnaryOperator<String> mask) {
        UniqueNames unique = new UniqueNames();
        List<String> masked = new ArrayList<>(names);
        masked.replaceAll(mask);
        // Names without secrets stay unchanged, so they come first.
        for (int i = 0; i < masked.size(); i++) {
            if (masked.get(i).equals(names.get(i))) {
                unique.taken.add(masked.get(i));
            }
        }
        for (int i = 0; i < masked.size(); i++) {
            if (!masked.get(i).equals(names.get(i))) {
                masked.set(i, unique.derived(masked.get(i), i));
            }
        }
        return masked;
    }

    /** The name of a branch without its own name. If it is used already, the branch's number is added. */
    public String derived(String derived, int index) {
        String shown = oneLine(derived);
        if (taken.add(shown)) {
            return shown;
        }
        StringBuilder numbered = new StringBuilder(shown).append(" #").append(index + 1);
        while (!taken.add(numbered.toString())) {
            numbered.append('\'');
        }
        return numbered.toString();
    }

    private static String oneLine(String text) {
        boolean fits = text.codePointCount(0, text.length()) <= MAX_LENGTH;
        String shown = fits ? text : text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH)) + "…";
        return shown.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
