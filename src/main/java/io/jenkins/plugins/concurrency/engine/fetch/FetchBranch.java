package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyPattern;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodySpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.http.FormFields;
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
 * One request of a run, as the user wrote it. An invalid branch fails alone, when it is started. Most checks are made
 * only then. Values that are {@code null} come from {@link RequestDefaults}.
 *
 * @param url what to fetch
 * @param query {@link FormFields} that are added to the default ones, or replace them
 * @param method the HTTP method; well-known ones in upper or lower case
 * @param headers headers that are added to the default ones, or replace them
 * @param body what to send; its files are relative to the base directory
 * @param file where the response's body is saved, relative to {@code toDir} if there is one, else to the base directory
 * @param sha256 the expected hash of the response's body, hexadecimal
 * @param validStatus the text form of {@link StatusRanges}
 * @param validBody the text form of {@link BodyPattern}
 * @param credentialsId the {@link CredentialReference}
 * @param problem why the branch can't be carried out; {@code null} if no problem is known
 */
public record FetchBranch(
        int index,
        String name,
        String url,
        Map<String, ?> query,
        @CheckForNull String method,
        Map<String, ?> headers,
        @CheckForNull BodySpec body,
        @CheckForNull String file,
        @CheckForNull String sha256,
        @CheckForNull String validStatus,
        @CheckForNull String validBody,
        @CheckForNull String credentialsId,
        @CheckForNull String problem)
        implements Branch {

    /** The fields of the JSON form that users write, in alphabetical order. */
    public static final List<String> FIELDS = List.of(
            "accept",
            "body",
            "bodyFile",
            "credentialsId",
            "file",
            "form",
            "headers",
            "json",
            "method",
            "multipart",
            "name",
            "query",
            "sha256",
            "url",
            "validBody",
            "validStatus");

    public FetchBranch {
        Objects.requireNonNull(name);
        Objects.requireNonNull(url);
        Objects.requireNonNull(query);
        Objects.requireNonNull(headers);
        method = method == null ? null : HttpSyntax.method(method);
    }

    /** A request that has only a URL. The URL is also its name. */
    public static FetchBranch of(int index, String url) {
        return new FetchBranch(index, url, url, Map.of(), null, Map.of(), null, null, null, null, null, null, null);
    }

    FetchBranch withFile(String newFile) {
        return new FetchBranch(
                index, name, url, query, method, headers, body, newFile, sha256, validStatus, validBody, credentialsId, problem);
    }

    FetchBranch withProblem(String newProblem) {
        return new FetchBranch(
                index, name, url, query, method, headers, body, file, sha256, validStatus, validBody, credentialsId, newProblem);
    }

    /** The body to send: the branch's own, or the default one. */
    @CheckForNull
    public BodySpec body(RequestDefaults defaults) {
        return body == null ? defaults.body() : body;
    }

    String method(RequestDefaults defaults) {
        return method == null ? defaults.method(body(defaults) != null) : method;
    }

    /** Whether it has the same effect to send the request twice as to send it once. */
    public boolean isIdempotent(RequestDefaults defaults) {
        return HttpSyntax.isIdempotent(method(defaults));
    }

    /** The JSON form, which {@link #fromJson} reads. It has no index: that is the position in the list. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("url", url);
        json.put("query", query.isEmpty() ? null : query);
        json.put("method", method);
        json.put("headers", headers.isEmpty() ? null : headers);
        if (body != null) {
            json.put(body.kind().key(), body.value());
        }
        json.put("file", file);
        json.put("sha256", sha256);
        json.put("validStatus", validStatus);
        json.put("validBody", validBody);
        json.put("credentialsId", credentialsId);
        json.put("problem", problem);
        json.values().removeIf(Objects::isNull);
        return json;
    }

    /**
     * Reads the JSON form. The name of a branch without a name is its URL.
     *
     * @throws IOException if it has no URL, or a field has the wrong type
     */
    public static FetchBranch fromJson(int index, JsonObject json) throws IOException {
        String url = json.string("url");
        String problem = json.stringOrNull("problem");
        Map<String, ?> query = Map.of();
        Map<String, ?> headers = json.has("headers") ? json.object("headers").fields() : Map.of();
        BodySpec body = null;
        String validBody = json.stringOrNull("validBody");
        try {
            query = FormFields.of("query", json.fields().get("query"));
            headers = HttpSyntax.accepting(json.stringOrNull("accept"), headers);
            body = BodySpec.of(json.fields()::get);
            if (validBody != null) {
                BodyPattern.parse(validBody);
            }
        } catch (IllegalArgumentException e) {
            problem = problem == null ? e.getMessage() : problem;
        }
        return new FetchBranch(
                index,
                json.has("name") ? json.string("name") : url,
                url,
                query,
                json.stringOrNull("method"),
                headers,
                body,
                json.stringOrNull("file"),
                json.stringOrNull("sha256"),
                json.stringOrNull("validStatus"),
                validBody,
                json.stringOrNull("credentialsId"),
                problem);
    }
}
