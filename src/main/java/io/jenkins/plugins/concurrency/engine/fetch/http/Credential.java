package io.jenkins.plugins.concurrency.engine.fetch.http;

import io.jenkins.plugins.concurrency.engine.fetch.connect.ClientIdentity;

/** Authenticates a request to its server. */
public sealed interface Credential {

    /** Whether it is for the path alone that it was given for. */
    boolean byPath();

    /** The value of an {@code Authorization} header. */
    record Authorization(String value, boolean byPath) implements Credential {

        /** Does not tell. */
        @Override
        public String toString() {
            return "Authorization";
        }
    }

    /** A certificate shown in the TLS handshake. */
    record Certificate(ClientIdentity identity, boolean byPath) implements Credential {}
}
