package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Writes the end of a journal if its supervisor will not write it. */
public final class LostBranches {

    private final RunFiles build;
    private final JournalReceiver receiver;

    /**
     * @param build the run's files in the build directory
     * @param receiver knows which branches have ended; accepts nothing more from the agent
     */
    public LostBranches(RunFiles build, JournalReceiver receiver) {
        this.build = build;
        this.receiver = receiver;
    }

    /**
     * Writes into the journal that the missing branches are lost and that the run is over. If the controller is killed
     * meanwhile, nothing is written: the next controller could not tell these lines from those of the agent.
     *
     * @param why for the branches, one line
     * @param failure for the run; {@code null} if it does not fail as a whole
     * @param onLost called with each lost branch
     * @return the journal's last line; if only the agent knew the branches, the run fails as a whole
     * @throws IOException if the journal can't be written
     */
    public JournalEntry.Finished write(String why, @CheckForNull String failure, Consumer<Outcome> onLost) throws IOException {
        if (!Files.exists(build.branches())) {
            return new JournalEntry.Finished(0, why);
        }
        Path journal = build.journal();
        try (AtomicFile whole = AtomicFile.of(journal)) {
            if (Files.exists(journal)) {
                Files.copy(journal, whole.partial());
            }
            JournalEntry.Finished last = writeRest(whole.partial(), why, failure, onLost);
            whole.commit();
            return last;
        }
    }

    private JournalEntry.Finished writeRest(Path file, String why, String failure, Consumer<Outcome> onLost)
            throws IOException {
        int total = 0;
        try (JournalWriter journal = new JournalWriter(file);
                BranchSource<Named> branches = BranchFile.read(
                        build.branches(), (index, json) -> new Named(index, json.string("name")), index -> false)) {
            for (Named branch; (branch = branches.next()) != null; total++) {
                if (!receiver.hasEnded(branch.index())) {
                    Outcome lost = Outcome.lost(branch.index(), branch.name(), why);
                    journal.append(new JournalEntry.Ended(lost));
                    onLost.accept(lost);
                }
            }
            JournalEntry.Finished last = new JournalEntry.Finished(total, failure);
            journal.append(last);
            return last;
        }
    }

    private record Named(int index, String name) implements Branch {}
}
