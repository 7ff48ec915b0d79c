package io.jenkins.plugins.concurrency.steps.log;

import io.jenkins.plugins.concurrency.engine.junit.JunitWriter;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.DurationText;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.steps.parameter.BranchList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Counts a run's branches as they end, and describes the counts. Thread-safe. */
public final class RunProgress {

    private static final Logger LOGGER = Logger.getLogger(RunProgress.class.getName());

    /** How many failures the log shows. */
    static final int MAX_FAILURES = 10;

    private static final int MAX_LINES = 10;
    private static final int MAX_LINE = 500;
    private static final int MAX_NAME = 60;

    /** The log lines about a failed branch. The texts come from an agent, so only what is shown is kept. */
    private record Failure(int index, List<String> lines) {

        static final Comparator<Failure> BY_INDEX = Comparator.comparingInt(Failure::index);
    }

    private final StepLabel label;
    private final int total;

    // Guarded by this.

    /** When the first branch started, by the clock; it may have been before a restart of the controller. */
    private long startMillis = Long.MAX_VALUE;

    /** When the last branch so far ended. */
    private long endMillis;

    /** The message about the failure that stopped the other branches, if one did. */
    private String spent;

    private int succeeded;
    private int failed;
    private int cancelled;
    private int skipped;

    /** Branches that were fetched, if the run also processes them; otherwise 0. */
    private int fetched;

    private int processed;

    /** How many of the succeeded branches were reused. */
    private int reused;

    private final WorkerUsage usage = new WorkerUsage();

    /** Of all branches that have started here, see {@link #waited}, and from their start to their end. */
    private long waitedMillis;

    private long ranMillis;
    private int started;
    private long heapBytes;

    private final List<ProgressListener> listeners = new ArrayList<>(ProgressListener.all());

    /** The failures with the lowest indexes. The one with the highest index is the head. */
    private final PriorityQueue<Failure> failures = new PriorityQueue<>(Failure.BY_INDEX.reversed());

    /** @param total how many branches there are, or {@link BranchList#UNKNOWN} */
    public RunProgress(StepLabel label, int total) {
        this.label = label;
        this.total = total;
    }

    /** Counts a branch that has ended now. */
    public synchronized void add(Outcome outcome) {
        restore(outcome);
        tell(listener -> listener.branchEnded(label.function(), outcome, isReused(outcome), waited(outcome)));
    }

    /** Counts a branch of which an earlier controller, or this one, has heard before. */
    public synchronized void restore(Outcome outcome) {
        startMillis = Math.min(startMillis, outcome.startMillis());
        endMillis = Math.max(endMillis, outcome.startMillis() + outcome.durationMillis());
        boolean isReused = isReused(outcome);
        if (isReused) {
            reused++;
        } else {
            usage.add(outcome);
        }
        if (!isReused && outcome.attempts() > 0) {
            started++;
            waitedMillis += waited(outcome);
            ranMillis += outcome.durationMillis();
        }
        if (outcome.details().get(OutcomeDetail.PROCESS_ATTEMPTS) instanceof Number attempts && attempts.intValue() > 0) {
            processed++;
        }
        if (outcome.status() == OutcomeStatus.SUCCEEDED) {
            succeeded++;
            return;
        }
        if (outcome.status() == OutcomeStatus.CANCELLED) {
            cancelled++;
            String why = outcome.error() == null ? "" : outcome.error().message();
            if (spent == null && why.startsWith(FailFast.PREFIX)) {
                spent = LogText.line(why);
            }
            return;
        }
        if (outcome.status() == OutcomeStatus.SKIPPED) {
            skipped++;
            return;
        }
        failed++;
        if (failures.size() < MAX_FAILURES || outcome.index() < failures.element().index()) {
            failures.add(new Failure(outcome.index(), lines(outcome)));
        }
        if (failures.size() > MAX_FAILURES) {
            failures.poll();
        }
    }

    private static boolean isReused(Outcome outcome) {
        return Boolean.TRUE.equals(outcome.details().get(OutcomeDetail.REUSED));
    }

    /** From the first start of the branches that have ended so far. */
    private long waited(Outcome outcome) {
        return Math.max(0, outcome.startMillis() - startMillis);
    }

    /** A listener must not break the step. If it fails, the step does not call it again, so that the log has one line. */
    private void tell(Consumer<ProgressListener> event) {
        listeners.removeIf(listener -> {
            try {
                event.accept(listener);
                return false;
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(Level.WARNING, e, () -> listener.getClass().getName() + " failed");
                return true;
            }
        });
    }

    private static List<String> lines(Outcome failure) {
        String attempts = failure.attempts() > 1 ? " after " + failure.attempts() + " attempts" : "";
        List<String> lines = new ArrayList<>();
        lines.add("  " + LogText.line(failure.name()) + " failed" + attempts + " ("
                + failure.error().type().text() + "): "
                + LogText.line(failure.error().message()));
        lines.addAll(outputLines(failure));
        return lines;
    }

    /**
     * The last lines that a failed command wrote to standard error, or to standard output if there are none. Each
     * begins with the branch's name. Empty if the error's message already says all.
     */
    private static List<String> outputLines(Outcome failure) {
        List<String> lines = output(failure, OutcomeDetail.STDERR);
        if (lines.size() == 1) {
            return List.of();
        }
        List<String> shown = lines.isEmpty() ? output(failure, OutcomeDetail.STDOUT) : lines;
        String name = LogText.line(failure.name());
        String prefix = "    [" + (name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name) + "] ";
        return shown.stream()
                .skip(Math.max(0, shown.size() - MAX_LINES))
                .map(line -> prefix + LogText.coloured(line, MAX_LINE))
                .toList();
    }

    private static List<String> output(Outcome failure, String detail) {
        Object text = failure.details().get(detail);
        return text instanceof String output
                ? Arrays.stream(output.split("\n"))
                        .map(RunProgress::lastState)
                        .filter(line -> !line.isBlank())
                        .toList()
                : List.of();
    }

    /** What a terminal has in the end of a line that was written over. */
    private static String lastState(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        return line.substring(line.lastIndexOf('\r', end - 1) + 1, end);
    }

    /** Takes what the heap of a supervisor took of its machine's memory, in bytes; 0 if that is not known. */
    public synchronized void supervisorHad(long bytes) {
        if (bytes > 0) {
            heapBytes = Math.max(heapBytes, bytes);
            tell(listener -> listener.supervisorHad(bytes));
        }
    }

    /** One line for those who watch many builds. */
    public synchronized String trace() {
        return summary() + "; on average a branch waited " + average(waitedMillis) + " and ran " + average(ranMillis)
                + (heapBytes == 0 ? "" : "; heap of the supervisor: " + (heapBytes >> 20) + " MiB");
    }

    private String average(long millis) {
        return DurationText.text(Duration.ofMillis(started == 0 ? 0 : millis / started));
    }

    /** Sets how many branches have been fetched so far. Some of them have been processed too. */
    public synchronized void fetched(int count) {
        fetched = Math.max(fetched, count);
    }

    /** How many branches have ended. */
    public synchronized int ended() {
        return succeeded + failed + cancelled + skipped;
    }

    /** A number that grows with everything that {@link #line} reports. */
    synchronized int eventCount() {
        return ended() + fetched;
    }

    public synchronized int failed() {
        return failed;
    }

    public synchronized int notSucceeded() {
        return failed + cancelled;
    }

    /**
     * One line about a run while it works, for example
     * {@code fetch: 340 of 1,000 done, 3 failed, 112/s, about 6 s left}, or
     * {@code crawl: fetched 400, processed 340 of 1,000, ...}.
     */
    public synchronized String line() {
        double seconds = Math.max(0.001, elapsed().toMillis() / 1000.0);
        double rate = ended() / seconds;
        StringBuilder line = new StringBuilder(label.text()).append(": ").append(state());
        if (failed > 0) {
            line.append(", ").append(LogText.number(failed)).append(" failed");
        }
        if (ended() > 0) {
            line.append(", ").append(rate(rate));
            if (total > ended()) {
                Duration left = Duration.ofSeconds(Math.max(1, Math.round((total - ended()) / rate)));
                line.append(", about ").append(DurationText.text(left)).append(" left");
            }
        }
        return line.toString();
    }

    private String state() {
        String of = total < 0 ? "" : " of " + LogText.number(total);
        return fetched + processed == 0
                ? LogText.number(ended()) + of + " done"
                : "fetched " + LogText.number(Math.max(fetched, processed)) + ", processed " + LogText.number(processed) + of;
    }

    private static String rate(double perSecond) {
        if (perSecond >= 10) {
            return LogText.number(Math.round(perSecond)) + "/s";
        }
        return perSecond >= 1
                ? Math.round(perSecond * 10) / 10.0 + "/s"
                : Math.max(1, Math.round(perSecond * 60)) + "/min";
    }

    /** One line about a run that has ended. */
    public synchronized String summary() {
        StringBuilder line = new StringBuilder(label.text())
                .append(": ")
                .append(LogText.number(ended()))
                .append(ended() == 1 ? " branch in " : " branches in ")
                .append(DurationText.text(elapsed()))
                .append(": ")
                .append(LogText.number(succeeded))
                .append(" succeeded");
        if (reused > 0) {
            line.append(" (").append(LogText.number(reused)).append(" reused)");
        }
        if (failed > 0) {
            line.append(", ").append(LogText.number(failed)).append(" failed");
        }
        if (cancelled > 0) {
            line.append(", ").append(LogText.number(cancelled)).append(" cancelled");
        }
        if (skipped > 0) {
            line.append(", ").append(LogText.number(skipped)).append(" skipped");
        }
        return line.toString();
    }

    /**
     * How busy the workers were: one line, or none if it is not known or not wanted.
     *
     * @param processors called only if needed; returns how many processors the work had, 0 if that is not known
     */
    public synchronized List<String> usageLines(IntSupplier processors) {
        String line = label.isQuiet() ? null : usage.line(label.function(), elapsed(), processors);
        return line == null ? List.of() : List.of("  " + line);
    }

    /**
     * Lines about failures. First, which failure stopped the others, if one did. Then for each of the first failed
     * branches, in the order of the inputs, a line and the end of its output. Last, a line about the other failures.
     */
    public synchronized List<String> failureLines() {
        List<String> lines = new ArrayList<>();
        if (spent != null) {
            lines.add("  " + spent);
        }
        failures.stream().sorted(Failure.BY_INDEX).forEach(failure -> lines.addAll(failure.lines()));
        if (failed > failures.size()) {
            lines.add("  … and " + LogText.number(failed - failures.size()) + " more");
        }
        return lines;
    }

    /** The head of the test results, for all branches that have ended. */
    public synchronized JunitWriter.Suite suite() {
        long start = ended() == 0 ? 0 : startMillis;
        return new JunitWriter.Suite(label.function(), label.text(), ended(), failed, cancelled + skipped, start, elapsed().toMillis());
    }

    /** The time from the first start to the last end so far. Both are by the clock of the machine that did the work. */
    private Duration elapsed() {
        return Duration.ofMillis(Math.max(0, endMillis - startMillis));
    }
}
