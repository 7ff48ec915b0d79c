/**
 * The results that scripts get. In the program state, a result is only a position in a journal. What scripts in the
 * sandbox may read is {@code @Whitelisted} there; {@code IterationWhitelist} adds what Groovy has for iterables.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.steps.result;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
