/**
 * Computes what pages, exports and the report show. Reads journals, and does not use Jenkins. {@code
 * TimelineBarBuilder} makes a bar of each attempt; {@code TimelineExcerpt} merges those that are too narrow for a page.
 * {@code LaneAllocator} chooses the lane of a branch that had no worker.
 * {@code BuildRuns} limits how many branches of a build are in memory. {@code PublicDetails} leaves out what nobody may
 * see.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
