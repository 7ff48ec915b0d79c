package io.jenkins.plugins.concurrency.bench.race;

import java.util.ArrayList;
import java.util.List;

/** What became of a contender. */
public final class Entry {

    private final String name;
    private final Contender contender;
    private final List<Lap> laps = new ArrayList<>();
    private String absence;

    private Entry(String name, Contender contender, String absence) {
        this.name = name;
        this.contender = contender;
        this.absence = absence;
    }

    static Entry of(Contender contender) {
        return new Entry(contender.name(), contender, null);
    }

    static Entry missing(String name, String why) {
        return new Entry(name, null, why);
    }

    public String name() {
        return name;
    }

    /** The seconds of each round; none unless it has done them all. */
    public List<Double> seconds() {
        return isMeasured() ? laps.stream().map(Lap::seconds).toList() : List.of();
    }

    /** The processor's seconds of each round, as far as known. */
    public List<Double> cpuSeconds() {
        return laps.stream().map(Lap::cpuSeconds).filter(seconds -> !seconds.isNaN()).toList();
    }

    public boolean isMeasured() {
        return absence == null;
    }

    /** Whether it was there and did not do its work. */
    public boolean hasFailed() {
        return contender != null && absence != null;
    }

    /** Why there is no measurement, or {@code null}. */
    public String absence() {
        return absence;
    }

    void warmUp() throws InterruptedException {
        attempt(() -> contender.warmUp());
    }

    void round() throws InterruptedException {
        attempt(() -> laps.add(contender.run()));
    }

    private interface Work {
        void run() throws Exception;
    }

    private void attempt(Work work) throws InterruptedException {
        try {
            if (isMeasured()) {
                work.run();
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (Thread.interrupted()) { // which closes channels
                throw new InterruptedException(e.toString());
            }
            absence = "failed: " + (e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
