/**
 * {@code cpuPool} and {@code ioPool}: their parameters, their forms, and the run definition made from them. {@code
 * PoolArguments} decides which parameters go together; {@code PoolBranches} makes the branches of tasks and inputs.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.steps.pool;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
