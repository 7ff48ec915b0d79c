/**
 * Pages of builds and jobs, and their remote API. Reads journals, and does not know steps or agents. {@code
 * TotalsKeeper} counts the branches of a build that has ended, for {@code JobTrend}. {@code BuildPage} answers
 * requests, and makes one report at a time.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.view;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
