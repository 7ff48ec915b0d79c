package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;

/**
 * What is known of a run once its spec has been read.
 *
 * @param files its run directory
 * @param before what its journal has already
 * @param record gets what ends
 * @param mask hides its secrets
 */
record OpenedRun(
        @NonNull RunFiles files,
        @NonNull RunSpec spec,
        @NonNull JournalIndex before,
        @NonNull RunRecord record,
        @NonNull SecretMask mask) {

    /** The record for outcomes whose names have not been masked. */
    @NonNull
    MaskedSink sink() {
        return new MaskedSink(mask, record);
    }
}
