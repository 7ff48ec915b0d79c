/**
 * The files of a run's directory, and the run itself from its specification to the last line of its journal. Requests come
 * in as {@code RunSpec} with a file of branches; what leaves is the journal.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
