package io.jenkins.plugins.concurrency.engine.outcome;

import java.util.Objects;

/**
 * Why a branch did not succeed.
 *
 * @param type one of the documented set
 * @param message for users, with a limited length; may have several lines
 */
public record BranchError(ErrorType type, String message) {

    private static final int MAX_MESSAGE = 2_000;

    public BranchError {
        Objects.requireNonNull(type);
        if (message.length() > MAX_MESSAGE) {
            message = message.substring(0, MAX_MESSAGE) + " …";
        }
    }
}
