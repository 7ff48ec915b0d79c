package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ClientIdentity;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The credentials of a run. Immutable. */
public final class Credentials {

    private final Map<String, Credential> byId = new HashMap<>();

    /** Why other credentials can't be used, in one line each. */
    private final Map<String, String> unusable = new HashMap<>();

    /**
     * Reads the secrets. If one can't be used, only the requests that use it fail.
     *
     * @param variables gives the value of a variable, {@code null} if it is not set
     * @throws IOException if a secret is missing; the message is one line
     */
    public Credentials(List<CredentialReference> references, Function<String, String> variables) throws IOException {
        for (int i = 0; i < references.size(); i++) {
            CredentialReference reference = references.get(i);
            String secret = variables.apply(CredentialReference.secretVariable(i));
            if (secret == null) {
                throw new IOException("the credentials '" + MessageText.line(reference.id()) + "' are gone");
            }
            String password = variables.apply(CredentialReference.passwordVariable(i));
            try {
                byId.put(reference.id(), credential(reference, secret, password == null ? "" : password));
            } catch (IOException e) {
                unusable.put(reference.id(), MessageText.line(e.getMessage()));
            }
        }
    }

    /**
     * The credentials with an id.
     *
     * @param id {@code null} for none
     * @param url where they are to be used
     * @throws IllegalArgumentException if there are none, or they can't be used there; the message is one line
     */
    @CheckForNull
    public Credential get(@CheckForNull String id, FetchUrl url) {
        if (id == null) {
            return null;
        }
        if (unusable.containsKey(id)) {
            throw new IllegalArgumentException(unusable.get(id));
        }
        Credential credential = byId.get(id);
        if (credential == null) {
            throw new IllegalArgumentException("the credentials '" + MessageText.line(id)
                    + "' have not been looked up: name them in 'urls' or as the step's 'credentialsId'");
        }
        if (credential instanceof Credential.Certificate && !url.isSecure()) {
            throw new IllegalArgumentException("the credentials '" + MessageText.line(id)
                    + "' are a certificate, which is shown in TLS only: give an https URL");
        }
        return credential;
    }

    private static Credential credential(CredentialReference reference, String secret, String password)
            throws IOException {
        return switch (reference.kind()) {
            case BASIC -> authorization(reference, "Basic " + secret);
            case BEARER -> authorization(reference, "Bearer " + secret);
            case CERTIFICATE -> new Credential.Certificate(
                    ClientIdentity.of(Base64.getDecoder().decode(secret), password), reference.byPath());
        };
    }

    private static Credential authorization(CredentialReference reference, String value) throws IOException {
        if (!HttpSyntax.isFieldValue(value)) {
            throw new IOException("the credentials '" + MessageText.line(reference.id())
                    + "' have a character in them that header values can't have");
        }
        return new Credential.Authorization(value, reference.byPath());
    }

    /** Authenticates a request to its server. */
    public sealed interface Credential {

        /** Whether it is valid only for the path that it was given for. */
        boolean byPath();

        /** The value of an {@code Authorization} header. */
        record Authorization(String value, boolean byPath) implements Credential {

            /** Does not show the value. */
            @Override
            public String toString() {
                return "Authorization";
            }
        }

        /** A certificate shown in the TLS handshake. */
        record Certificate(ClientIdentity identity, boolean byPath) implements Credential {}
    }
}
