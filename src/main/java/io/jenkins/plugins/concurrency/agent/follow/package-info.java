/**
 * A run that a supervisor on an agent does, followed from the controller: submitted, its journal received, its end noticed,
 * also beyond lost connections. {@code RunPlacement} chooses between this and a launcher.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.agent.follow;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
