/**
 * Parameters of steps: reads, checks and limits values from scripts and forms. Does not know any step. {@code
 * StepParameters} refuses unknown names and wrong types; {@code LimitEnforcer} reduces values to the administrator's
 * limits.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
