package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.file.StoredValidators;
import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFile;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyPattern;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import java.nio.file.Files;
import java.nio.file.LinkOption;

/**
 * A branch that has been checked: what to send, and what to do with the response.
 *
 * @param first the first request
 * @param validBody what has to be in the body; {@code null} for anything
 * @param target where the body is saved; {@code null} to return it as text
 * @param known validators of the existing file, if the server is asked whether it has changed
 * @param unpacked whether a compressed body is decompressed
 * @param sha256 the expected hash of the body, lower case; {@code null} for anything
 */
record FetchPlan(
        RequestSpec first,
        StatusRanges validStatus,
        @CheckForNull BodyPattern validBody,
        @CheckForNull TargetFile target,
        @CheckForNull StoredValidators known,
        boolean unpacked,
        @CheckForNull String sha256) {

    /** Whether the file that the body goes to is there already. */
    boolean hasFile() {
        return target != null && Files.isRegularFile(target.path(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether what arrives of a body can be gone on with later. */
    boolean isResumable() {
        return target != null && first.method().equals("GET") && !first.hasHeader("Range");
    }
}
