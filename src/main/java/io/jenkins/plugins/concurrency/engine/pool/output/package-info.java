/**
 * The output of processes: its end for results, the whole of it in files, or its lines in the build's log. {@code
 * FollowedBranch} limits the lines of one branch, {@code FollowedStep} those of all branches together.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.pool.output;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
