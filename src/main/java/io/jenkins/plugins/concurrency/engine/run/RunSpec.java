package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a run is to do, without its branches. They are in a file of their own, because there may be millions.
 *
 * @param id unique among the runs of a Jenkins; letters, digits and {@code -}
 * @param policy retries, time limit, fail-fast
 * @param work what the branches are
 * @param secrets names of variables of the run's environment whose values must not be shown; no file has the values
 * @param limits what it may use of its machines
 */
public record RunSpec(
        String id,
        BranchSettings policy,
        WorkSpec work,
        List<String> secrets,
        RunLimits limits) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,80}");

    public RunSpec {
        if (!isId(id)) {
            throw new IllegalArgumentException("not a run id: " + id);
        }
        secrets = List.copyOf(secrets);
    }

    /** Whether the text can be a run's id. The id is also the name of a folder. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** The variables of the run's environment whose values must not be shown, with those that the work itself needs. */
    public List<String> secretVariables() {
        return Stream.concat(secrets.stream(), work.secretVariables().stream()).toList();
    }

    /**
     * How many branches may run at once. If they are processed when they have been fetched, so many more are fetched
     * meanwhile.
     *
     * @param processors of the machine that does the work
     */
    public int width(int processors) {
        if (work.pool() == null) {
            return ((WorkSpec.Fetch) work).settings().traffic().concurrency();
        }
        int workers = limits.widthOf(work.pool(), processors);
        return work instanceof WorkSpec.Fetch ? 2 * workers : workers;
    }
}
