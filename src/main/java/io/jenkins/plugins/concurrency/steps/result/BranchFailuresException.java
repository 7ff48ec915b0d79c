package io.jenkins.plugins.concurrency.steps.result;

import hudson.AbortException;
import io.jenkins.plugins.concurrency.steps.KeptFailures;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import java.io.Serializable;
import java.util.List;
import java.util.StringJoiner;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/**
 * Branches failed and {@code onFailure: 'fail'} asked for an exception, or the run as a whole failed. One line in the
 * log; contains the results. With the build, an {@link AbortException} is stored instead: see {@link KeptFailures}.
 */
public final class BranchFailuresException extends AbortException {

    private static final long serialVersionUID = 1;

    /** The name of the field that is not stored with a build. */
    public static final String RESULTS = "results";

    /** What a step returns if it does not fail. */
    public interface CompleteResults extends Iterable<BranchResult>, Serializable {

        @Whitelisted
        int size();

        @Whitelisted
        int getSkipped();

        @Whitelisted
        List<BranchResult> getFailures();
    }

    private static final int MAX_NAMED = 10;

    private final CompleteResults results;

    private BranchFailuresException(String message, CompleteResults results) {
        super(message);
        this.results = results;
    }

    public static BranchFailuresException of(CompleteResults results, String label) {
        List<BranchResult> failures = results.getFailures();
        StringJoiner named = new StringJoiner("; ");
        failures.stream().limit(MAX_NAMED).forEach(failure -> named.add(LogText.line(failure.toString())));
        String more = failures.size() > MAX_NAMED ? "; and " + (failures.size() - MAX_NAMED) + " more" : "";
        String skipped = results.getSkipped() == 0 ? "" : ", " + results.getSkipped() + " skipped";
        String message = label + ": " + failures.size() + " of " + results.size() + " branches did not succeed" + skipped + ": ";
        return new BranchFailuresException(message + named + more, results);
    }

    /** The run as a whole failed. The results are those that were known when it failed. */
    public static BranchFailuresException ofRun(CompleteResults results, String message) {
        return new BranchFailuresException(message, results);
    }

    /** All results, those of succeeded branches too. */
    @Whitelisted
    public CompleteResults getResults() {
        return results;
    }
}
