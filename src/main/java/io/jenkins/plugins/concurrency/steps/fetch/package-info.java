/**
 * {@code parallelFetch}: its parameters, its form, and the run definition made from them. {@code FetchBranches} reads
 * {@code urls}; {@code FetchCredentials} decides for which URLs credentials are used. {@code
 * FieldLines} makes a map of the lines of a form.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.steps.fetch;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
