package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.http.BodySpec;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.Map;

/** Branches as the run's specification has them. */
final class Branches {

    private Branches() {}

    /** A request with a body. */
    static FetchBranch sending(String method, String url, Map<String, String> headers, String body) {
        BodySpec sent = body == null ? null : new BodySpec(BodySpec.Kind.BODY, body);
        return new FetchBranch(0, "a", url, Map.of(), method, headers, sent, null, null, null, null, null, null);
    }

    /** A branch from JSON with single quotes for double ones. */
    static FetchBranch json(String text) throws IOException {
        return FetchBranch.fromJson(0, JsonObject.parse(text.replace('\'', '"')));
    }
}
