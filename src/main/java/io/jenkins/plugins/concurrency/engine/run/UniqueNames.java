package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;

/**
 * Gives each branch of a run a name of its own, for a million branches in a few bytes each: only 64-bit hashes of the
 * names are kept. Two different names with one hash are as unlikely as one in 10^8 runs of a million branches. Not
 * safe for use by several threads.
 */
public final class UniqueNames {

    private static final int MAX_LENGTH = 300;

    /** An open-addressing table; 0 marks a free place. */
    private long[] table = new long[64];

    private int size;

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
     * @param given the name that the user gave, or {@code null}
     * @param derived the name otherwise; a repeated one gets the branch's number
     * @param index the branch's index
     * @throws DuplicateNameException if the given name was used before
     */
    @NonNull
    public String name(@CheckForNull String given, @NonNull String derived, int index) throws DuplicateNameException {
        if (given != null) {
            if (!add(given)) {
                throw new DuplicateNameException(given);
            }
            return given;
        }
        String shown = oneLine(derived);
        if (add(shown)) {
            return shown;
        }
        String numbered = shown + " #" + (index + 1);
        while (!add(numbered)) {
            numbered += "'";
        }
        return numbered;
    }

    private static String oneLine(String text) {
        String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
        return shown.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    private boolean add(String name) {
        if (size * 2 >= table.length) {
            long[] old = table;
            table = new long[old.length * 2];
            Arrays.stream(old).filter(hash -> hash != 0).forEach(hash -> table[place(hash)] = hash);
        }
        long hash = hash(name);
        int place = place(hash);
        if (table[place] == hash) {
            return false;
        }
        table[place] = hash;
        size++;
        return true;
    }

    private int place(long hash) {
        int mask = table.length - 1;
        int place = (int) (hash >>> 32) & mask;
        while (table[place] != 0 && table[place] != hash) {
            place = (place + 1) & mask;
        }
        return place;
    }

    /** FNV-1a over the characters, mixed once more so that similar names do not cluster. */
    private static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 29;
        hash *= 0xbf58476d1ce4e5b9L;
        hash ^= hash >>> 32;
        return hash == 0 ? 1 : hash;
    }
}
