package io.jenkins.plugins.concurrency.engine.run;

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
        RunFiles files,
        RunSpec spec,
        JournalIndex before,
        RunRecord record,
        SecretMask mask) {

    /** The record for outcomes whose names have not been masked. */
    MaskedSink sink() {
        return new MaskedSink(mask, record);
    }
}
