/**
 * Receives bodies of responses: decodes them piece by piece, and writes them to a file or a text. {@code BodyStorage}
 * has the limits that the user and the administrator set; {@code TextBudget} limits all texts of a process together.
 * {@code ResponseHandler} ends a body beyond these limits, and one that decompresses to far more than was received;
 * {@code BodyDecoder} does the same between two codings. {@code PartialFile} says whether a broken download may be
 * continued, and whether a response continues it.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.body;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
