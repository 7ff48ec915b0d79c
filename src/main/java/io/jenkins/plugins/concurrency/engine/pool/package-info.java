/**
 * Commands and calls of functions as attempts: which process of a {@code PoolHost} does an attempt, and what the
 * process's end means. {@code PoolKind} says how many workers a pool has that names no number. {@code TemplateParser}
 * finds where placeholders stand; {@code CommandTemplate} quotes their values or refuses them, and appends
 * <code>{}</code> where there is none. {@code CommandAttempter} limits what the results of a run contain of outputs.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
