/**
 * Computes what pages, exports and the report show. Reads journals, and does not use Jenkins. {@code
 * TimelineBarBuilder} makes a bar of each attempt; {@code TimelineExcerpt} merges those that are too narrow for a
 * page.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
