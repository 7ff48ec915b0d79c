package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ClientIdentity;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The credentials of a run. Immutable. */
final class Credentials {

    private final Map<String, Credential> byId = new HashMap<>();

    /**
     * Reads the secrets.
     *
     * @param variables tells the value of a variable, {@code null} for one that is not set
     * @throws IOException if one is missing or can't be used, in one line
     */
    Credentials(@NonNull List<CredentialReference> references, @NonNull Function<String, String> variables)
            throws IOException {
        for (int i = 0; i < references.size(); i++) {
            CredentialReference reference = references.get(i);
            String secret = variables.apply(CredentialReference.secretVariable(i));
            if (secret == null) {
                throw new IOException("the credentials '" + MessageText.line(reference.id()) + "' are gone");
            }
            String password = variables.apply(CredentialReference.passwordVariable(i));
            byId.put(reference.id(), credential(reference, secret, password == null ? "" : password));
        }
    }

    /**
     * The credentials with an id.
     *
     * @param id {@code null} for none
     * @throws IllegalArgumentException if there are none
     */
    @CheckForNull
    Credential get(@CheckForNull String id) {
        if (id == null) {
            return null;
        }
        Credential credential = byId.get(id);
        if (credential == null) {
            throw new IllegalArgumentException("the credentials '" + MessageText.line(id)
                    + "' have not been looked up: name them in 'urls' or as the step's 'credentialsId'");
        }
        return credential;
    }

    private static Credential credential(CredentialReference reference, String secret, String password)
            throws IOException {
        return switch (reference.kind()) {
            case BASIC -> authorization(reference, "Basic " + secret);
            case BEARER -> authorization(reference, "Bearer " + secret);
            case CERTIFICATE -> new Credential.Certificate(
                    ClientIdentity.of(Base64.getDecoder().decode(secret), password));
        };
    }

    private static Credential authorization(CredentialReference reference, String value) throws IOException {
        if (!HttpSyntax.isFieldValue(value)) {
            throw new IOException("the credentials '" + MessageText.line(reference.id())
                    + "' have a character in them that header values can't have");
        }
        return new Credential.Authorization(value);
    }
}
