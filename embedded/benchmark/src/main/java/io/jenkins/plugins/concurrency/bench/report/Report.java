package io.jenkins.plugins.concurrency.bench.report;

import io.jenkins.plugins.concurrency.bench.race.Entry;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The table of one case, at most 100 columns wide. */
public final class Report {

    private static final String ROW = "  %-44s %14s  %-20s %12s%n";
    private static final String NOTE = "  %-44s %s%n";
    private static final String ASKED = "  %-44s %14s  %-20s %s%n";
    private static final int NOTE_WIDTH = 52;

    private final String title;
    private final List<Runnable> lines = new ArrayList<>();
    private final PrintStream out;
    private boolean complete = true;

    public Report(String title, PrintStream out) {
        this.title = title;
        this.out = out;
    }

    /** A measured number. */
    public Report row(String label, Samples samples, Unit unit) {
        return row(label, samples, unit, "");
    }

    private Report row(String label, Samples samples, Unit unit, String cpu) {
        String range = samples.values().size() == 1
                ? ""
                : unit.number(samples.min()) + ".." + unit.number(samples.max());
        lines.add(() -> out.printf(ROW, label, unit.text(samples.median()), range, cpu));
        return this;
    }

    /** What the contenders of a race did, or why they did not. */
    public Report rows(List<Entry> entries, DoubleUnaryOperator ofSeconds, Unit unit) {
        for (Entry entry : entries) {
            if (entry.isMeasured()) {
                row(entry.name(), new Samples(entry.seconds()).map(ofSeconds), unit, cpu(entry));
            } else {
                complete &= !entry.hasFailed();
                note(entry.name(), entry.absence());
            }
        }
        return this;
    }

    private static String cpu(Entry entry) {
        List<Double> seconds = entry.cpuSeconds();
        return seconds.isEmpty() ? "" : "CPU " + Unit.SECONDS.text(new Samples(seconds).median());
    }

    /** Text in place of a number, on as many lines as it needs. */
    public Report note(String label, String text) {
        String line = text.replaceAll("\\s+", " ");
        for (int from = 0; from < line.length(); from += NOTE_WIDTH) {
            String part = line.substring(from, Math.min(line.length(), from + NOTE_WIDTH));
            String before = from == 0 ? label : "";
            lines.add(() -> out.printf(NOTE, before, part));
        }
        return this;
    }

    /** Something could not be measured. */
    public Report failed(String label, String why) {
        complete = false;
        return note(label, "failed: " + why);
    }

    /** A number that has a target. */
    public Report asked(String label, Samples samples, Target target) {
        lines.add(() -> out.printf(
                ASKED,
                label,
                target.unit().text(samples.median()),
                target,
                target.isMetBy(samples) ? "yes" : "NO"));
        return this;
    }

    /** How many times as fast one is as another, round by round; says so where one of them is missing. */
    public Report askedRatio(Entry one, Entry other, double atLeast) {
        String label = one.name() + " : " + other.name();
        Target target = Target.atLeast(atLeast, Unit.RATIO);
        if (!one.isMeasured() || !other.isMeasured()) {
            lines.add(() -> out.printf(ASKED, label, "-", target, "not measured"));
            return this;
        }
        Samples ratio = new Samples(other.seconds()).with(new Samples(one.seconds()), (a, b) -> a / b);
        return asked(label, ratio, target);
    }

    /** Prints it; returns whether everything could be measured that was there. */
    public boolean print() {
        out.println(title);
        lines.forEach(Runnable::run);
        out.println();
        out.flush();
        return complete;
    }
}
