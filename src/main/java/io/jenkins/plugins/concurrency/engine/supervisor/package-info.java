/**
 * The process that does the work of runs on an agent, and those who deal with it from outside.
 *
 * <p>{@link io.jenkins.plugins.concurrency.engine.supervisor.Supervisor} is the process, and tells its life.
 * {@link io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher} sees to it that a run has one: an agent's
 * shared one, which {@code SharedSupervisors} finds or starts, or one of its own. Whether a run has a living one is told by
 * {@link io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness}; what its runs have done is followed by
 * {@link io.jenkins.plugins.concurrency.engine.supervisor.client.JournalTailer}.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
