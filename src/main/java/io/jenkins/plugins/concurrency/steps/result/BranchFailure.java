package io.jenkins.plugins.concurrency.steps.result;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/** Why a branch did not succeed, for scripts. Immutable. */
public final class BranchFailure implements Serializable {

    private static final long serialVersionUID = 1;

    private final String type;
    private final String message;

    BranchFailure(BranchError error) {
        this.type = error.type().text();
        this.message = error.message();
    }

    /** One of the documented types, for example {@code timeout}. */
    @Whitelisted
    public String getType() {
        return type;
    }

    /** What happened, for users. */
    @Whitelisted
    public String getMessage() {
        return message;
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", type);
        map.put("message", message);
        return map;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BranchFailure failure && failure.type.equals(type) && failure.message.equals(message);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, message);
    }

    @Override
    @Whitelisted
    public String toString() {
        return type + ": " + message;
    }
}
