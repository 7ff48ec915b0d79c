/**
 * Runs on agents: where they are, what is in their directories, and what all kinds of runs have in common.
 *
 * <p>Steps get a {@link io.jenkins.plugins.concurrency.agent.RunHandle} from {@link
 * io.jenkins.plugins.concurrency.agent.follow.RunPlacement} or {@link
 * io.jenkins.plugins.concurrency.agent.controller.ControllerRun}. {@code AgentAbsence} measures how long an agent is
 * away. {@code NodeAllowance} has the administrator's limits for a node. {@code LostBranches} ends a journal that
 * nobody else will end.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
