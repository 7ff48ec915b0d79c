/**
 * Runs a limited number of attempts at once, with limits by group, retries, time limits, fail-fast and cancellation.
 * Does not know what an attempt does. {@code Scheduler} decides; {@code ScheduleControl} is what the owner of a run may
 * ask of it, and {@code GroupLimits} keeps the limits by group. {@code DependencyGraph} decides which branch may start
 * next and which are skipped, also for {@code gather}. {@code RetryPolicy} says how often and after which pause a
 * branch is attempted again. {@code AttemptTimeout} computes limits in percent. {@code FailFast} says which failure
 * stops the rest. {@code PermitBudget} shares what a process has fairly among builds or runs.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
