/**
 * Decides which node does which branches of a run on several nodes, and which branches another node does when one
 * leaves. Does not use Jenkins and has no thread. {@code NodeAssignment} says how many branches a node gets ahead. A
 * branch has ended when its files are copied.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.distribution;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
