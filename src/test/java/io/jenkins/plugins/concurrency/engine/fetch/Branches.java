package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;

/** Branches as the run's specification has them. */
final class Branches {

    private Branches() {}

    /** A branch from JSON with single quotes for double ones. */
    static FetchBranch json(String text) throws IOException {
        return FetchBranch.fromJson(0, JsonObject.parse(text.replace('\'', '"')));
    }
}
