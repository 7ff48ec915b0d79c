package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import java.util.List;
import java.util.Locale;

/** What kind of work a run does. */
public sealed interface WorkSpec {

    /** How many branches may run at once; 0 if only the machine that does the work knows. */
    int slots();

    /** The pool that does the work or a part of it; {@code null} if there is none. */
    @CheckForNull
    PoolSettings pool();

    /** What each of the branches waits for, by their indexes; empty where none waits. */
    default List<BranchNeeds> needs() {
        return List.of();
    }

    /** The file that lists the branches; {@code null} where the run directory has them already. */
    @CheckForNull
    String listFile();

    /** The secret variables of the run's environment that the work itself needs. */
    default List<String> secretVariables() {
        return List.of();
    }

    /**
     * HTTP requests.
     *
     * @param settings what holds for all of them
     * @param urlsFile the file that lists them; {@code null} if the run directory has them
     * @param process what is done with each response, or {@code null} for nothing
     */
    record Fetch(FetchSettings settings, @CheckForNull String urlsFile, @CheckForNull ProcessingSpec process)
            implements WorkSpec {

        /** Fetches without processing. */
        public Fetch(FetchSettings settings, @CheckForNull String urlsFile) {
            this(settings, urlsFile, null);
        }

        @Override
        public int slots() {
            int workers = process == null ? 0 : process.pool().workers();
            boolean known = (process == null || workers > 0) && !settings.traffic().auto();
            return known ? settings.traffic().concurrency() + workers : 0;
        }

        @Override
        @CheckForNull
        public String listFile() {
            return urlsFile;
        }

        @Override
        public PoolSettings pool() {
            return process == null ? null : process.pool();
        }

        @Override
        public List<String> secretVariables() {
            return settings.secretVariables();
        }
    }

    /**
     * Commands or function calls.
     *
     * @param settings what holds for all of them
     * @param inputsFile the file that lists their inputs; {@code null} if the run directory has them
     * @param needs what each of the branches waits for, by their indexes; empty where none waits
     */
    record Pool(PoolSettings settings, @CheckForNull String inputsFile, List<BranchNeeds> needs) implements WorkSpec {

        public Pool(PoolSettings settings) {
            this(settings, null, List.of());
        }

        /** The same whose branches wait for others. */
        public Pool with(List<BranchNeeds> newNeeds) {
            return new Pool(settings, inputsFile, newNeeds);
        }

        /** Whether each line of a file with inputs is a JSON value. */
        public static boolean isJson(String inputsFile) {
            String name = inputsFile.toLowerCase(Locale.ROOT);
            return name.endsWith(".ndjson") || name.endsWith(".jsonl");
        }

        @Override
        @CheckForNull
        public String listFile() {
            return inputsFile;
        }

        @Override
        public PoolSettings pool() {
            return settings;
        }

        @Override
        public int slots() {
            return settings.workers();
        }
    }
}
