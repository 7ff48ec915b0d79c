package io.jenkins.plugins.concurrency.engine.fetch.http;

import java.util.List;

/**
 * Credentials that requests of a run use, without their secrets. The secrets are variables of the run's environment,
 * and in no file.
 *
 * @param id their id in branches
 * @param kind their kind
 * @param byPath whether they are valid for some paths of an origin only
 */
public record CredentialReference(String id, Kind kind, boolean byPath) {

    /** How credentials are shown to a server. */
    public enum Kind {
        /** User name and password; the secret is the pair as {@code Basic} authentication sends it. */
        BASIC,
        /** A token of {@code Bearer} authentication, which is the secret. */
        BEARER,
        /** A certificate for TLS; the secret is a PKCS #12 key store in Base64. */
        CERTIFICATE
    }

    private static final String VARIABLE = "CONCURRENCY_STEPS_CREDENTIAL_";

    /** @param place of the reference among those of its run */
    public static String secretVariable(int place) {
        return VARIABLE + place;
    }

    /**
     * The password: of the key store, or of the user, which is there to be hidden wherever it turns up.
     *
     * @param place of the reference among those of its run
     */
    public static String passwordVariable(int place) {
        return VARIABLE + place + "_PASSWORD";
    }

    /** The variables whose values must not show up, whether they are set or not. */
    public static List<String> secretVariables(int place) {
        return List.of(secretVariable(place), passwordVariable(place));
    }
}
