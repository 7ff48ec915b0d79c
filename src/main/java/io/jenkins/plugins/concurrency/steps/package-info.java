/**
 * The four steps: their arguments, where they run, what scripts get back, and how they continue after a restart. {@code
 * StepCompletion} applies {@code onFailure}. {@code StepTermination} decides what ends a step first. {@code
 * EarlierBuild} is what {@code resumeFrom} names, and where {@code needs} learns how long branches take.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
