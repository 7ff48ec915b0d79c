package io.jenkins.plugins.concurrency.steps;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.CertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.UsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.fetch.CredentialReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The credentials that requests of a step use: looked up for its build and, where they have domains, for each URL. */
final class FetchCredentials {

    /** No URL of anybody: what is found for it is not restricted to domains. */
    private static final List<String> NOWHERE = List.of("http://nowhere.invalid/", "https://nowhere.invalid/");

    private final ParallelFetchStep step;
    private final Run<?, ?> run;
    private final Map<String, CredentialReference> used = new LinkedHashMap<>();
    private final Map<String, Boolean> restricted = new LinkedHashMap<>();

    /** @param step for its messages */
    FetchCredentials(@NonNull ParallelFetchStep step, @NonNull Run<?, ?> run) {
        this.step = step;
        this.run = run;
    }

    /**
     * A request uses credentials.
     *
     * @param url where it goes; {@code null} where only the agent knows
     * @throws WrongArgumentException if there are none for it
     */
    void use(@NonNull String id, @CheckForNull String url) throws WrongArgumentException {
        if (!used.containsKey(id)) {
            StandardCredentials credentials = find(run, id, List.of());
            if (credentials == null) {
                throw step.wrong("credentialsId", "there are no credentials '" + id + "' for this job");
            }
            used.put(id, new CredentialReference(id, kind(id, credentials)));
            restricted.put(id, NOWHERE.stream().anyMatch(nowhere -> find(run, id, requirements(nowhere)) == null));
            CredentialsProvider.track(run, credentials);
        }
        if (!restricted.get(id)) {
            return;
        }
        if (url == null) {
            throw step.wrong(
                    "credentialsId",
                    "'" + id + "' belongs to a domain, and the URLs of a 'urlsFile' can't be looked at here; use 'urls'");
        }
        if (find(run, id, requirements(url)) == null) {
            throw step.wrong("credentialsId", "'" + id + "' belongs to a domain that " + LogText.line(url) + " is not in");
        }
    }

    /** Those that are used, in the order of their first use. */
    @NonNull
    List<CredentialReference> references() {
        return List.copyOf(used.values());
    }

    /** @return {@code null} if the build may use none with this id */
    @CheckForNull
    static StandardCredentials find(@NonNull Run<?, ?> run, @NonNull String id) {
        return find(run, id, List.of());
    }

    private static StandardCredentials find(Run<?, ?> run, String id, List<DomainRequirement> requirements) {
        return CredentialsProvider.findCredentialById(id, StandardCredentials.class, run, requirements);
    }

    private static List<DomainRequirement> requirements(String url) {
        return URIRequirementBuilder.fromUri(url).build();
    }

    private CredentialReference.Kind kind(String id, StandardCredentials credentials) throws WrongArgumentException {
        if (credentials instanceof UsernamePasswordCredentials) {
            return CredentialReference.Kind.BASIC;
        }
        if (credentials instanceof StringCredentials) {
            return CredentialReference.Kind.BEARER;
        }
        if (credentials instanceof CertificateCredentials) {
            return CredentialReference.Kind.CERTIFICATE;
        }
        throw step.wrong(
                "credentialsId",
                "'" + id + "' is neither a user name with password nor a secret text nor a certificate");
    }
}
