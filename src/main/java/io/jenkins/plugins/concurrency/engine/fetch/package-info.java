/**
 * Fetches many URLs at once on one non-blocking reactor.
 *
 * <p>{@link io.jenkins.plugins.concurrency.engine.fetch.FetchEngine} makes attempts for the scheduler. An attempt is a
 * chain of exchanges, one for each redirect. An exchange is one request and its response on a connection leased from
 * {@link io.jenkins.plugins.concurrency.engine.fetch.HttpReactor}. A {@code BodySink} writes the body to a file or to
 * memory.
 *
 * <p>{@code RedirectPolicy} judges redirects ({@code RedirectSettings} says how many), {@code RetryRules} what is sent
 * again, {@code ResponseHandler} a response: its status, its size, its checksum. {@code perHost} is a limit by group of
 * the scheduler. {@code PartialFile}, in {@code body}, says whether a broken download may go on; {@code ResumeState}
 * asks for the rest. {@code Exchange} decides that it has stalled; {@code IdleTimeoutMonitor} only asks it now and
 * then. {@code CookieJar} decides which cookies are kept and sent.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
