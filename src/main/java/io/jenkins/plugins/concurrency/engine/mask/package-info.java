/**
 * Finds secrets in what a run writes, in all their encoded forms, and replaces them by {@code ****}. Outcomes pass
 * through it in {@code AttemptFilters} and {@code RunContext}, outputs in {@code pool.output}.
 * {@code SecretForms} says in which forms a secret is found and how long it must be; {@code SecretMask} replaces them.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.mask;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
