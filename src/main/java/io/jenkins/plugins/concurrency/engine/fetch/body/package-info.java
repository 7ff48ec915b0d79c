/**
 * Receives bodies of responses: decodes them piece by piece, and writes them to a file or a text. {@code BodyStorage}
 * says how large one may be; {@code TextBudget} bounds all texts of a process together. {@code ResponseHandler} ends
 * one that grows too large, {@code BodyDecoder} one that does so between two codings. {@code PartialFile} says whether
 * a broken download may be continued, and whether a response continues it.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.body;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
