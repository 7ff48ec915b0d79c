/**
 * A run on an agent, as the controller follows it: submits it, receives its journal and notices its end, also after
 * lost connections. {@code RunPlacement} chooses between a supervisor and a launcher.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.agent.follow;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
