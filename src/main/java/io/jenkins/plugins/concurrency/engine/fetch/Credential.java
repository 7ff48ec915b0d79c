package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ClientIdentity;

/** What makes a request known to its server. */
sealed interface Credential {

    /** The value of an {@code Authorization} header. */
    record Authorization(@NonNull String value) implements Credential {

        /** Does not tell. */
        @Override
        public String toString() {
            return "Authorization";
        }
    }

    /** A certificate shown in the TLS handshake. */
    record Certificate(@NonNull ClientIdentity identity) implements Credential {}
}
