/**
 * Functions in Groovy: compiled once, called in JVMs that are kept for many calls. {@code JvmCommand} chooses the heap
 * of each, if {@code memory} does not; {@code FunctionCall} refuses values that a function may not return.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
