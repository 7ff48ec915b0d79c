package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The build that {@code resumeFrom} names, and the run of the same step in it. */
public final class EarlierBuild implements Serializable {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(EarlierBuild.class.getName());

    private static final String LAST = "lastBuild";
    private static final String LAST_COMPLETED = "lastCompleted";

    /** How many builds are searched for times. */
    private static final int MAX_TIMED = 3;

    private static final long MAX_TIMED_BYTES = 4L * 1024 * 1024;

    /** {@code lastBuild}, {@code lastCompleted} or a number. */
    private final String selected;

    private EarlierBuild(String selected) {
        this.selected = selected;
    }

    /** @throws WrongArgumentException if the value can't name a build */
    static EarlierBuild of(BranchStep step, Object given) throws WrongArgumentException {
        String text = given.toString().strip();
        boolean named = given instanceof CharSequence && (text.equals(LAST) || text.equals(LAST_COMPLETED));
        boolean numbered = (given instanceof CharSequence || given instanceof Number) && text.matches("[1-9]\\d{0,8}");
        if (!named && !numbered) {
            throw step.wrong(
                    "resumeFrom",
                    Arguments.describe(given) + " is given; allowed are 'lastBuild', 'lastCompleted' and a build's number");
        }
        return new EarlierBuild(text);
    }

    /**
     * Copies the journal of the same step in that build to where a run looks for it. Copies all of it, or nothing.
     * Writes one line to the log: which build it is, or why there is none. May take some time if builds must be loaded.
     */
    void copyJournal(Run<?, ?> current, StepLabel label, PrintStream log, RunFiles to) throws IOException {
        Run<?, ?> build = find(current);
        RunFiles run = build == null ? null : newest(build, label);
        String message;
        if (build == null) {
            String wanted = selected.startsWith("last") ? "earlier build" : "build #" + selected;
            message = "there is no " + wanted + " to resume from; all branches run";
        } else if (run == null) {
            message = "#" + build.getNumber() + " has no results of this step to resume from; all branches run";
        } else {
            message = "what succeeded in #" + build.getNumber() + " and has not changed is reused";
        }
        log.println(label.text() + ": " + message);
        if (run != null) {
            try (AtomicFile copy = AtomicFile.of(to.earlier())) {
                Files.copy(run.journal(), copy.partial());
                copy.commit();
            }
        }
    }

    @CheckForNull
    private Run<?, ?> find(Run<?, ?> current) {
        if (selected.equals(LAST)) {
            return current.getPreviousBuild();
        }
        if (selected.equals(LAST_COMPLETED)) {
            Run<?, ?> build = current.getPreviousBuild();
            while (build != null && build.isBuilding()) {
                build = build.getPreviousBuild();
            }
            return build;
        }
        int number = Integer.parseInt(selected);
        return number == current.getNumber() ? null : current.getParent().getBuildByNumber(number);
    }

    /**
     * Adds to each branch's needs how long the branch took when it last succeeded. Reads a few earlier builds of the
     * job, but no very long journals.
     *
     * @param needs empty if no branch needs another; then no builds are read
     * @param names the names of all branches
     */
    public static List<BranchNeeds> timed(List<BranchNeeds> needs, List<String> names, Run<?, ?> current, StepLabel label) {
        Map<String, Long> times = new HashMap<>();
        Run<?, ?> build = needs.isEmpty() ? null : current.getPreviousBuild();
        for (int i = 0; i < MAX_TIMED && build != null && !times.keySet().containsAll(names); i++) {
            try {
                RunFiles run = newest(build, label);
                if (run != null && Files.size(run.journal()) <= MAX_TIMED_BYTES) {
                    JournalIndex.readable(run.journal()).forEachWithoutDetails(outcome -> {
                        if (outcome.status() == OutcomeStatus.SUCCEEDED && outcome.attempts() > 0) { // not reused
                            times.putIfAbsent(outcome.name(), Math.max(1, outcome.durationMillis()));
                        }
                    });
                }
            } catch (IOException e) {
                Run<?, ?> unreadable = build;
                LOGGER.log(Level.FINE, e, () -> "can't tell how long branches took in " + unreadable);
            }
            build = build.getPreviousBuild();
        }
        List<BranchNeeds> timed = new ArrayList<>();
        needs.forEach(each -> timed.add(each.taking(times.getOrDefault(names.get(timed.size()), 0L))));
        return timed;
    }

    /** The newest run of the step in a build, if the step was called several times under one name. */
    @CheckForNull
    private static RunFiles newest(Run<?, ?> build, StepLabel label) throws IOException {
        Path folder = build.getRootDir().toPath().resolve(RunFiles.FOLDER);
        if (!Files.isDirectory(folder)) {
            return null;
        }
        RunFiles newest = null;
        long newestMillis = Long.MIN_VALUE;
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(folder)) {
            for (Path directory : directories) {
                RunFiles files = new RunFiles(directory);
                RunDescription about = Files.exists(files.journal()) ? description(files) : null;
                if (about != null
                        && about.step().equals(label.function())
                        && about.name().equals(label.text())
                        && about.startMillis() >= newestMillis) {
                    newest = files;
                    newestMillis = about.startMillis();
                }
            }
        }
        return newest;
    }

    /**
     * Which step a run belongs to; {@code null} if it can't be read. The step must not fail because of another one's
     * files.
     */
    @CheckForNull
    private static RunDescription description(RunFiles files) {
        try {
            return files.readDescription();
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.log(Level.FINE, e, () -> "can't tell which step " + files + " belongs to");
            return null;
        }
    }
}
