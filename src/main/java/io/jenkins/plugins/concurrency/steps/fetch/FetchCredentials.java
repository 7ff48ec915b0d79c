package io.jenkins.plugins.concurrency.steps.fetch;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.CertificateCredentials;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.UsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.DomainSpecification;
import com.cloudbees.plugins.credentials.domains.HostnamePortRequirement;
import com.cloudbees.plugins.credentials.domains.HostnameRequirement;
import com.cloudbees.plugins.credentials.domains.PathRequirement;
import com.cloudbees.plugins.credentials.domains.PathSpecification;
import com.cloudbees.plugins.credentials.domains.SchemeRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.steps.BranchStep;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The credentials of a step's requests: looked up for its build and, where they have domains, for each URL. */
final class FetchCredentials {

    /** URLs that nobody uses. Credentials that are not found for one of them are restricted to domains. */
    private static final List<FetchUrl> NOWHERE =
            List.of(FetchUrl.parse("http://nowhere.invalid:1/"), FetchUrl.parse("https://nowhere.invalid:1/"));

    /** The destination of a request, as far as domains check it. */
    private record Place(String id, Origin origin, String path) {}

    private final BranchStep step;
    private final Run<?, ?> run;
    private final Map<String, CredentialReference> used = new LinkedHashMap<>();
    private final Map<String, Boolean> restricted = new HashMap<>();
    private final Map<Place, Boolean> permitted = new HashMap<>();

    /** @param step makes the error messages */
    FetchCredentials(BranchStep step, Run<?, ?> run) {
        this.step = step;
        this.run = run;
    }

    /**
     * Records that a request uses credentials.
     *
     * @param url the request's URL; {@code null} if only the agent knows it
     * @throws WrongArgumentException if there are no such credentials for the URL
     */
    void use(String id, @CheckForNull String url) throws WrongArgumentException {
        if (!used.containsKey(id)) {
            StandardCredentials credentials = find(run, id, List.of());
            if (credentials == null) {
                throw step.wrong("credentialsId", "there are no credentials '" + id + "' for this job");
            }
            List<DomainSpecification> specifications = specifications(id);
            boolean limited = !specifications.isEmpty() || isRestricted(id);
            // It is not known what a provider checks that shows no store.
            boolean byPath = limited
                    && (specifications.isEmpty() || specifications.stream().anyMatch(PathSpecification.class::isInstance));
            used.put(id, new CredentialReference(id, kind(id, credentials), byPath));
            restricted.put(id, limited);
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
        FetchUrl parsed;
        try {
            parsed = FetchUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw step.wrong(
                    "credentialsId", "'" + id + "' belongs to a domain, and a URL can't be read: " + e.getMessage());
        }
        Place place = new Place(id, parsed.origin(), parsed.path());
        if (!permitted.computeIfAbsent(place, key -> isPermitted(id, parsed))) {
            throw step.wrong("credentialsId", "'" + id + "' belongs to a domain that " + LogText.line(url) + " is not in");
        }
    }

    /** The credentials that are used, in the order of their first use. */
    List<CredentialReference> references() {
        return List.copyOf(used.values());
    }

    /** @return {@code null} if the build may not use credentials with this id */
    @CheckForNull
    private static StandardCredentials find(Run<?, ?> run, String id, List<DomainRequirement> requirements) {
        return CredentialsProvider.findCredentialById(id, StandardCredentials.class, run, requirements);
    }

    /** Whether the credentials may be used for a URL, whichever way its server reads the path. */
    private boolean isPermitted(String id, FetchUrl url) {
        return find(run, id, requirements(url)) != null
                && (url.lenientPath().equals(url.path()) || find(run, id, requirements(url, url.lenientPath())) != null);
    }

    /**
     * What credentials for a URL must be valid for. All known parts are given, because a missing part is not checked.
     */
    static List<DomainRequirement> requirements(FetchUrl url) {
        return requirements(url, url.path());
    }

    private static List<DomainRequirement> requirements(FetchUrl url, String path) {
        return List.of(
                new SchemeRequirement(url.origin().scheme()),
                new HostnameRequirement(url.origin().host()),
                new HostnamePortRequirement(url.origin().host(), url.origin().port()),
                new PathRequirement(path));
    }

    /** The specifications of the domains that contain the credentials. */
    private List<DomainSpecification> specifications(String id) {
        List<DomainSpecification> all = new ArrayList<>();
        for (CredentialsStore store : CredentialsProvider.lookupStores(run.getParent())) {
            for (Domain domain : store.getDomains()) {
                boolean here = store.getCredentials(domain).stream()
                        .anyMatch(known -> known instanceof IdCredentials named && id.equals(named.getId()));
                if (here) {
                    all.addAll(domain.getSpecifications());
                }
            }
        }
        return all;
    }

    private boolean isRestricted(String id) {
        return NOWHERE.stream().anyMatch(nowhere -> find(run, id, requirements(nowhere)) == null);
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
