/**
 * Starts supervisors on agents, for a run or before one is needed. Decides whether a run gets another supervisor after
 * the end of one; which one it gets is decided by {@code SupervisorLauncher}. {@code AgentSupervisors} decides whether
 * one is started early.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.agent.supervisor;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
