/**
 * The process that does runs on an agent.
 *
 * <p>{@link io.jenkins.plugins.concurrency.engine.supervisor.Supervisor} is the process, and describes its life.
 * {@code SupervisorLauncher} gives a run its supervisor: the agent's shared one, which {@code SharedSupervisors} finds
 * or starts, or one of its own, as after the death of its supervisor. {@code SupervisorLiveness} tells whether it is
 * alive. {@code JournalTailer} follows the journals of its runs. These are in the rooms {@code client} and {@code lock}.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
