/**
 * Does a run, from its specification to the last line of its journal. Input is a {@code RunSpec} with a file of
 * branches. Output is the journal. {@code WorkBuilder} puts the work together; {@code AttemptFilters} is the list of
 * what every result passes. After the death of a process {@code FetchWork} decides which requests are not sent again,
 * {@code AttemptFilters} which attempts count, and {@code DeadAttemptCleanup} only removes what is left.
 * {@code ReuseKeys} says which branches are the same for {@code resumeFrom}; {@code NodeBudgets} what the runs on an
 * agent share.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
