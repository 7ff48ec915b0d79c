/**
 * How a run gets to an agent, is followed from the controller, and ends. {@code AgentRun} follows a run in a supervisor,
 * {@code LauncherRun} one whose processes a decorated launcher starts, {@code ControllerRun} one in the controller's own
 * process. What comes in from an agent are lines of a journal, which are untrusted.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
