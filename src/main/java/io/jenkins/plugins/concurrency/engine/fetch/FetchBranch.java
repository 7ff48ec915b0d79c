package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.http.HttpSyntax;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One request of a run, as the user wrote it. Nothing here has been checked: an invalid branch fails alone, when it is
 * started. Values that are {@code null} come from {@link RequestDefaults}.
 *
 * @param url what to fetch
 * @param method well-known ones in any case
 * @param headers further or other headers than the default ones
 * @param body sent as UTF-8; excludes {@code bodyFile}
 * @param bodyFile a file to send, relative to the base directory
 * @param file where the response's body is saved, relative to {@code toDir} if there is one, else to the base directory
 * @param sha256 the expected hash of the response's body, hexadecimal
 * @param validStatus the text form of {@link StatusRanges}
 * @param credentialsId the {@link CredentialReference}
 * @param problem why the branch can't be carried out; {@code null} if no problem is known
 */
public record FetchBranch(
        int index,
        String name,
        String url,
        @CheckForNull String method,
        Map<String, String> headers,
        @CheckForNull String body,
        @CheckForNull String bodyFile,
        @CheckForNull String file,
        @CheckForNull String sha256,
        @CheckForNull String validStatus,
        @CheckForNull String credentialsId,
        @CheckForNull String problem)
        implements Branch {

    /** The fields of the JSON form that users write, in alphabetical order. */
    public static final List<String> FIELDS = List.of(
            "body",
            "bodyFile",
            "credentialsId",
            "file",
            "headers",
            "method",
            "name",
            "sha256",
            "url",
            "validStatus");

    public FetchBranch {
        Objects.requireNonNull(name);
        Objects.requireNonNull(url);
        Objects.requireNonNull(headers);
        method = method == null ? null : HttpSyntax.method(method);
    }

    /** A plain request of a URL, named by it. */
    public static FetchBranch of(int index, String url) {
        return new FetchBranch(index, url, url, null, Map.of(), null, null, null, null, null, null, null);
    }

    FetchBranch withFile(String newFile) {
        return new FetchBranch(
                index, name, url, method, headers, body, bodyFile, newFile, sha256, validStatus, credentialsId, problem);
    }

    FetchBranch withProblem(String newProblem) {
        return new FetchBranch(
                index, name, url, method, headers, body, bodyFile, file, sha256, validStatus, credentialsId, newProblem);
    }

    /** Whether the request does the same when it is sent twice. */
    public boolean isIdempotent(RequestDefaults defaults) {
        return HttpSyntax.isIdempotent(method == null ? defaults.method() : method);
    }

    /** The JSON form, which {@link #fromJson} reads; the index is the place in the list. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("url", url);
        json.put("method", method);
        json.put("headers", headers.isEmpty() ? null : headers);
        json.put("body", body);
        json.put("bodyFile", bodyFile);
        json.put("file", file);
        json.put("sha256", sha256);
        json.put("validStatus", validStatus);
        json.put("credentialsId", credentialsId);
        json.put("problem", problem);
        json.values().removeIf(Objects::isNull);
        return json;
    }

    /**
     * Reads the JSON form; a branch without a name is named by its URL.
     *
     * @throws IOException if it has no URL, or a field of the wrong type
     */
    public static FetchBranch fromJson(int index, JsonObject json) throws IOException {
        String url = json.string("url");
        return new FetchBranch(
                index,
                json.has("name") ? json.string("name") : url,
                url,
                json.stringOrNull("method"),
                json.strings("headers"),
                json.stringOrNull("body"),
                json.stringOrNull("bodyFile"),
                json.stringOrNull("file"),
                json.stringOrNull("sha256"),
                json.stringOrNull("validStatus"),
                json.stringOrNull("credentialsId"),
                json.stringOrNull("problem"));
    }
}
