package io.jenkins.plugins.concurrency.bench.race;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Lets contenders do the same work in turns: A B C, A B C, … What else happens on the machine then slows all of them
 * alike, and the ratio of two within a round says more than each number does.
 */
public final class Race {

    private final List<Entry> entries = new ArrayList<>();
    private final Progress progress;
    private final Predicate<String> wanted;

    /** @param wanted whether a peer may take part, by its name */
    public Race(Progress progress, Predicate<String> wanted) {
        this.progress = progress;
        this.wanted = wanted;
    }

    /** Takes part. */
    public Entry add(Contender contender) {
        return add(Entry.of(contender));
    }

    /** A peer takes part if it is there. */
    public Entry addPeer(String name, Optional<? extends Contender> peer, String whyMissing) {
        if (!wanted.test(name)) {
            return add(Entry.missing(name, "left out"));
        }
        return add(peer.map(Entry::of).orElseGet(() -> Entry.missing(name, whyMissing)));
    }

    private Entry add(Entry entry) {
        entries.add(entry);
        return entry;
    }

    /**
     * Runs all rounds; who fails is left out from then on.
     *
     * @throws InterruptedException if the whole is stopped
     */
    public List<Entry> run(int rounds) throws InterruptedException {
        for (Entry entry : entries) {
            progress.show("warming up: " + entry.name());
            entry.warmUp();
        }
        for (int round = 1; round <= rounds; round++) {
            for (Entry entry : entries) {
                progress.show("round " + round + " of " + rounds + ": " + entry.name());
                entry.round();
            }
        }
        progress.clear();
        return List.copyOf(entries);
    }
}
