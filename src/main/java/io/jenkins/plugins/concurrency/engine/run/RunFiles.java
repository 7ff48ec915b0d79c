package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import io.jenkins.plugins.concurrency.engine.run.file.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a run directory, on an agent as in a build directory.
 *
 * @param directory the run directory
 */
public record RunFiles(Path directory) {

    /** The folder in a build directory with the run directories of its steps. Their names are the runs' ids. */
    public static final String FOLDER = "concurrency";

    public static final String SPEC = "spec.json";
    public static final String BRANCHES = "branches.ndjson";
    public static final String FEED = "feed.ndjson";
    public static final String JOURNAL = "journal.ndjson";
    public static final String EARLIER = "earlier.ndjson";
    static final String CANCEL = "cancel";
    public static final String LOG = "supervisor.log";
    public static final String PID = "supervisor.pid";
    public static final String LOCK = "supervisor.lock";
    public static final String KEPT = "kept";
    public static final String STARTING = "supervisor.starting";

    /** The files of a run in a build directory. */
    public static RunFiles in(Path build, String runId) {
        return new RunFiles(build.resolve(FOLDER).resolve(runId));
    }

    public Path spec() {
        return directory.resolve(SPEC);
    }

    /** The branches, one JSON object a line, in the order of their indexes. */
    public Path branches() {
        return directory.resolve(BRANCHES);
    }

    /** The branches of a run that gets them one after the other: see {@link Feed}. Only such a run has this file. */
    public Path feed() {
        return directory.resolve(FEED);
    }

    /** What pages say about the run and is not in its journal. */
    public Path description() {
        return directory.resolve("description.json");
    }

    /** The outcomes of branches. */
    public Path journal() {
        return directory.resolve(JOURNAL);
    }

    /** Keeps space on the disk for the journal's last line. */
    public Path reserve() {
        return directory.resolve("journal.reserve");
    }

    /** How many attempts each branch has had. */
    public Path attempts() {
        return directory.resolve("attempts.bin");
    }

    /** How many attempts the processing of each branch has had. */
    public Path processAttempts() {
        return directory.resolve("process-attempts.bin");
    }

    /** Fetched bodies that are not processed yet. */
    public Path fetched() {
        return directory.resolve("fetched");
    }

    /** The journal of an earlier run whose results are to be reused. */
    public Path earlier() {
        return directory.resolve(EARLIER);
    }

    /** If this file exists, the supervisor starts nothing more. It contains the reason. */
    public Path halt() {
        return directory.resolve("halt");
    }

    /** If this file exists, the supervisor cancels the run. It contains the reason. */
    public Path cancel() {
        return directory.resolve(CANCEL);
    }

    /** The supervisor's own output; usually empty. */
    public Path log() {
        return directory.resolve(LOG);
    }

    /** The process id and start time of the last supervisor that had the lock, for signals and messages. */
    public Path pid() {
        return directory.resolve(PID);
    }

    /** The supervisor locks it before it reads the journal, until it ends. */
    public Path lock() {
        return directory.resolve(LOCK);
    }

    /** The process id of a supervisor that does not have the lock yet, and when it was started. */
    public Path starting() {
        return directory.resolve(STARTING);
    }

    /** Lines for users, which are shown while the run goes on. */
    public Path console() {
        return directory.resolve("console.txt");
    }

    /** Whole outputs that are kept, each in a folder. */
    public Path kept() {
        return directory.resolve(KEPT);
    }

    /** Outputs of running commands and logs of workers. */
    public Path outputs() {
        return directory.resolve("output");
    }

    /**
     * Removes what only a running run needs, and what may contain secrets.
     *
     * @throws IOException if something can't be removed; the rest is removed
     */
    public void deleteInputs() throws IOException {
        for (Path input : List.of(branches(), feed(), spec(), attempts(), processAttempts(), earlier())) {
            AtomicFile.delete(input);
        }
    }

    /**
     * Removes the run directory, if it is there.
     *
     * @throws IOException if it can't be removed, or not wholly
     */
    public void delete() throws IOException {
        delete(directory);
    }

    /** Removes a directory with all that is in it, if it is there. Links in it are removed, not followed. */
    static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> inwards;
        try (Stream<Path> all = Files.walk(directory)) {
            inwards = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inwards) {
            Files.deleteIfExists(path);
        }
    }

    /**
     * Creates the feed if it is missing, and removes an incomplete last line of a process that was killed.
     *
     * @return its length in bytes
     * @throws IOException if it can't be written
     */
    public long openFeed() throws IOException {
        if (!Files.exists(feed())) {
            PrivateFile.create(feed()).close();
        }
        JournalWriter.cutTornLine(feed());
        return Files.size(feed());
    }

    public RunSpec readSpec() throws IOException {
        return RecordCodec.read(RunSpec.class, spec());
    }

    public void writeSpec(RunSpec spec) throws IOException {
        AtomicFile.writePrivate(spec(), Json.writeBytes(RecordCodec.encode(spec)));
    }

    public RunDescription readDescription() throws IOException {
        return RecordCodec.read(RunDescription.class, description());
    }

    public void writeDescription(RunDescription about) throws IOException {
        AtomicFile.write(description(), about);
    }
}
