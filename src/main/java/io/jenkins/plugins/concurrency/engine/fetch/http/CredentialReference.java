package io.jenkins.plugins.concurrency.engine.fetch.http;

import java.util.List;

/**
 * Credentials that requests of a run use, without their secrets. The secrets are variables of the run's environment,
 * and in no file.
 *
 * @param id their id in branches
 * @param kind their kind
 * @param byPath whether they are valid only for some paths of an origin
 */
public record CredentialReference(String id, Kind kind, boolean byPath) {

    /** How credentials are shown to a server. */
    public enum Kind {
        /** User name and password; the secret is the pair as {@code Basic} authentication sends it. */
        BASIC,
        /** A token of {@code Bearer} authentication; the token is the secret. */
        BEARER,
        /** A certificate for TLS; the secret is a PKCS #12 key store in Base64. */
        CERTIFICATE
    }

    private static final String VARIABLE = "CONCURRENCY_STEPS_CREDENTIAL_";

    /** @param place the position of the reference in its run */
    public static String secretVariable(int place) {
        return VARIABLE + place;
    }

    /**
     * The variable of the password. It is the password of the key store, or of the user. The user's is there only to be
     * hidden wherever it appears.
     *
     * @param place the position of the reference in its run
     */
    public static String passwordVariable(int place) {
        return VARIABLE + place + "_PASSWORD";
    }

    /** The names of the variables whose values are secret. Some of them may not be set. */
    public static List<String> secretVariables(int place) {
        return List.of(secretVariable(place), passwordVariable(place));
    }
}
