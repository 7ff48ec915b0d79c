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

    /** Unused URLs: credentials that are not found for one of them are restricted to domains. */
    private static final List<FetchUrl> NOWHERE =
            List.of(FetchUrl.parse("http://nowhere.invalid:1/"), FetchUrl.parse("https://nowhere.invalid:1/"));

    /** Where a request goes, as far as domains look at it. */
    private record Place(String id, Origin origin, String path) {}

    private final BranchStep step;
    private final Run<?, ?> run;
    private final Map<String, CredentialReference> used = new LinkedHashMap<>();
    private final Map<String, Boolean> restricted = new HashMap<>();
    private final Map<Place, Boolean> permitted = new HashMap<>();

    /** @param step for its messages */
    FetchCredentials(BranchStep step, Run<?, ?> run) {
        this.step = step;
        this.run = run;
    }

    /**
     * A request uses credentials.
     *
     * @param url where it goes; {@code null} where only the agent knows
     * @throws WrongArgumentException if there are none for it
     */
    void use(String id, @CheckForNull String url) throws WrongArgumentException {
        if (!used.containsKey(id)) {
            StandardCredentials credentials = find(run, id, List.of());
            if (credentials == null) {
                throw step.wrong("credentialsId", "there are no credentials '" + id + "' for this job");
            }
            List<DomainSpecification> specifications = specifications(id);
            boolean limited = !specifications.isEmpty() || isRestricted(id);
            // what a provider that shows no store looks at is not known
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

    /** Those that are used, in the order of their first use. */
    List<CredentialReference> references() {
        return List.copyOf(used.values());
    }

    /** @return {@code null} if the build may use none with this id */
    @CheckForNull
    private static StandardCredentials find(Run<?, ?> run, String id, List<DomainRequirement> requirements) {
        return CredentialsProvider.findCredentialById(id, StandardCredentials.class, run, requirements);
    }

    /** However its server reads the path. */
    private boolean isPermitted(String id, FetchUrl url) {
        return find(run, id, requirements(url)) != null
                && (url.lenientPath().equals(url.path()) || find(run, id, requirements(url, url.lenientPath())) != null);
    }

    /** What the credentials have to be good for; of parts that are known, since what is left out is not looked at. */
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

    /** Of the domains that stores have the credentials in. */
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
