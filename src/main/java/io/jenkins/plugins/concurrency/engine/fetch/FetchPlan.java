package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A branch that has been checked: what to send and what to make of the response.
 *
 * @param first the request to start with
 * @param target where the body goes; {@code null} to return it as text
 * @param unpacked whether a packed body is to be unpacked
 * @param sha256 what the body must hash to, lower case; {@code null} for anything
 */
record FetchPlan(
        @NonNull Hop first,
        @NonNull StatusRanges validStatus,
        @CheckForNull TargetFile target,
        boolean unpacked,
        @CheckForNull String sha256) {}
