package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames.DuplicateNameException;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The branches of a call in their JSON form, each with its unique name. */
public record BranchList(@CheckForNull List<Map<String, Object>> branches) {

    /** The size if the branches are in a file on the agent, because their number is not known here. */
    static final int UNKNOWN = -1;

    private static final String NAME = "name";

    /** Branches in a file. The supervisor reads them. */
    public static BranchList listedOnAgent() {
        return new BranchList(null);
    }

    /** How many there are, or {@link #UNKNOWN}. */
    public int size() {
        return branches == null ? UNKNOWN : branches.size();
    }

    /** The names; empty if they are not known here. */
    public List<String> names() {
        return branches == null ? List.of() : branches.stream().map(branch -> (String) branch.get(NAME)).toList();
    }

    /** A copy without secrets in names. If names become equal by this, the branch's number is added. */
    public BranchList masked(SecretMask mask) {
        if (branches == null || mask == SecretMask.NONE) {
            return this;
        }
        List<String> given = names();
        List<String> names = UniqueNames.masked(given, mask::text);
        List<Map<String, Object>> masked = new ArrayList<>(branches);
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).equals(given.get(i))) {
                Map<String, Object> copy = new LinkedHashMap<>(branches.get(i));
                copy.put(NAME, names.get(i));
                masked.set(i, copy);
            }
        }
        return new BranchList(masked);
    }

    /**
     * Writes the branches, if they are known here.
     *
     * @throws IOException if the file can't be written
     * @throws IllegalArgumentException if a branch has a value that JSON can't express
     */
    public void writeTo(Path file) throws IOException {
        if (branches == null) {
            return;
        }
        try (BranchFile.Writer out = new BranchFile.Writer(file)) {
            for (Map<String, Object> branch : branches) {
                out.add(branch);
            }
            out.commit();
        }
    }

    /** Collects branches. */
    public static final class Builder {
        private final UniqueNames names = new UniqueNames();
        private final List<Map<String, Object>> branches = new ArrayList<>();

        /**
         * Adds a branch.
         *
         * @param given the user's name for it, or {@code null}
         * @param derived the name if there is no name of the user
         * @param fields the branch's other fields
         */
        public void add(@CheckForNull String given, String derived, Map<String, ?> fields) throws DuplicateNameException {
            Map<String, Object> branch = new LinkedHashMap<>();
            branch.put(NAME, names.name(given, derived, branches.size()));
            fields.forEach(branch::putIfAbsent);
            branches.add(branch);
        }

        /** How many there are so far. */
        public int size() {
            return branches.size();
        }

        public BranchList build() {
            return new BranchList(List.copyOf(branches));
        }
    }
}
