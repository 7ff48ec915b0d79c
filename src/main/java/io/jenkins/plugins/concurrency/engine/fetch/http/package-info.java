/**
 * The parts of HTTP messages: URLs, requests, responses, credentials. Opens no connection. {@code BodySpec} makes the
 * bytes of a form, a JSON value or parts from what the user wrote; {@code RequestBody} only sends them. {@code
 * Response} says whether a file was changed too recently for its {@code ETag} or its date to tell versions apart.
 * Whether the rest of a body may be asked for by its date is decided in {@code PartialFile}, which is stricter.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
