/**
 * The journal of a run: one line of JSON for each branch that has ended, only appended to. A supervisor writes it, the
 * controller copies it, and everything that shows results reads it. A torn last line is not read ({@code
 * JournalLines}); the next {@code JournalWriter} cuts it off.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.journal;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
