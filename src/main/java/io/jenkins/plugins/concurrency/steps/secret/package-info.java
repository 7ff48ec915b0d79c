/**
 * The secrets that a run needs, and how it gets them without a file of the run containing them. Commands and URLs,
 * which may contain secrets, are in private files that {@code RunFiles} deletes at the end of the run.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.steps.secret;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
