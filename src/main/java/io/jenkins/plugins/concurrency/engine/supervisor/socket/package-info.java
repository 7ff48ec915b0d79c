/**
 * The socket through which a shared supervisor gets runs, and its protocol. Both ends use this room. {@code
 * SupervisorSocket} gives up a supervisor that does not answer in time; {@code SharedSupervisors} then starts another.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.supervisor.socket;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
