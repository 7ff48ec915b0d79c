package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.supervisor.JournalListener;
import io.jenkins.plugins.concurrency.engine.supervisor.JournalTailer;
import java.io.File;
import jenkins.MasterToSlaveFileCallable;

/** Makes the agent push a run's journal to the controller from now on. */
final class FollowJournal extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    private final long offset;
    private final long saidOffset;

    @SuppressFBWarnings(value = "SE_BAD_FIELD", justification = "what travels is the proxy of an exported object")
    private final JournalListener listener;

    /**
     * @param offset how much of the journal the controller has, in bytes
     * @param saidOffset how much of what the run says, in bytes; negative for all that it has said until now
     * @param listener exported to the agent's channel
     */
    FollowJournal(long offset, long saidOffset, @NonNull JournalListener listener) {
        this.offset = offset;
        this.saidOffset = saidOffset;
        this.listener = listener;
    }

    @Override
    public Void invoke(File runDirectory, VirtualChannel channel) {
        JournalTailer.follow(new RunFiles(runDirectory.toPath()), offset, saidOffset, listener);
        return null;
    }
}
