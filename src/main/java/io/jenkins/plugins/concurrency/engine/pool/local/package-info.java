/**
 * Processes on this machine: the {@code PoolHost} of a supervisor. {@code ResourceLimits} limits their memory, priority
 * and processors by programs before the command; {@code TaskMeter} measures what they use. It also ends a command that
 * writes more than {@code maxOutput}.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
