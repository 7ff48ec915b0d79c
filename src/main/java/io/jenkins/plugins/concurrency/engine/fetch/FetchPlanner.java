package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.body.ContentCoding;
import io.jenkins.plugins.concurrency.engine.fetch.connect.ClientIdentity;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.engine.fetch.file.StoredValidators;
import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFile;
import io.jenkins.plugins.concurrency.engine.fetch.file.TargetFiles;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyPattern;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodySpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Credentials;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.HttpSyntax;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestBody;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/** Checks branches and adds the defaults of their run. Thread-safe. */
final class FetchPlanner {

    private final FetchSettings settings;
    private final RequestHeaders headers;
    private final Credentials credentials;

    /** {@code null} if no file may be used. */
    @CheckForNull
    private final TargetFiles files;

    FetchPlanner(FetchSettings settings, String runId, Credentials credentials) {
        this.settings = settings;
        this.credentials = credentials;
        this.headers = new RequestHeaders(settings.requests().headers());
        String base = settings.storage().base();
        this.files = base == null ? null : new TargetFiles(Path.of(base), runId);
    }

    /**
     * Makes the plan for a branch.
     *
     * @throws IllegalArgumentException if the branch is invalid; the message is one line
     * @throws IOException if the file system does not let us check its files
     */
    FetchPlan plan(FetchBranch branch) throws IOException {
        refuse(branch.problem());
        RequestDefaults defaults = settings.requests();
        FetchUrl url = FetchUrl.parse(branch.url()).withQuery(queryOf(branch));
        if (branch.method() != null) {
            refuse(HttpSyntax.problemWithMethod(branch.method()));
        }
        refuse(HttpSyntax.problemWithHeaders(branch.headers()));
        Credentials.Credential credential = credentialOf(branch, url);
        String authorization = credential instanceof Credentials.Credential.Authorization header ? header.value() : null;
        ClientIdentity identity = credential instanceof Credentials.Credential.Certificate certificate ? certificate.identity() : null;
        boolean byPath = credential != null && credential.byPath();
        RequestSpec first = new RequestSpec(
                url, branch.method(defaults), headers.with(branch.headers(), authorization), bodyOf(branch), identity, byPath);
        if (first.body() instanceof RequestBody.Sequence && first.hasHeader("Content-Type")) {
            throw new IllegalArgumentException(
                    "'multipart' and a Content-Type header are both given: leave out the header, which names the boundary");
        }
        StatusRanges validStatus =
                branch.validStatus() == null ? defaults.validStatus() : StatusRanges.parse(branch.validStatus());
        BodyPattern validBody = branch.validBody() == null ? defaults.validBody() : BodyPattern.parse(branch.validBody());
        TargetFile target = targetOf(branch);
        String sha256 = sha256Of(branch);
        // a user who asks for a coding gets the body as it comes
        boolean standard = headers.isStandard("Accept-Encoding", branch.headers());
        boolean packedFile = target != null
                && (ContentCoding.isPacked(target.name()) || ContentCoding.isPacked(url.lastSegment()));
        if (standard && (packedFile || sha256 != null || first.hasHeader("Range"))) {
            first = first.with(Map.of("Accept-Encoding", ContentCoding.NONE));
        }
        // the checksum of a file is that of the file on the server; text must always be readable
        boolean unpacked = standard && (target == null || sha256 == null && !first.hasHeader("Range"));
        StoredValidators known = knownOf(first, target, sha256);
        return new FetchPlan(
                known == null ? first : first.with(known.conditions()),
                validStatus,
                validBody,
                target,
                known,
                unpacked,
                sha256);
    }

    private Map<String, ?> queryOf(FetchBranch branch) {
        Map<String, ?> common = settings.requests().query();
        if (common.isEmpty() || branch.query().isEmpty()) {
            return common.isEmpty() ? branch.query() : common;
        }
        Map<String, Object> all = new LinkedHashMap<>(common);
        all.putAll(branch.query());
        return all;
    }

    private Credentials.Credential credentialOf(FetchBranch branch, FetchUrl url) {
        if (branch.credentialsId() == null) {
            return credentials.get(settings.requests().credentialsId(), url);
        }
        Credentials.Credential credential = credentials.get(branch.credentialsId(), url);
        boolean twice = branch.headers().keySet().stream().anyMatch("Authorization"::equalsIgnoreCase);
        if (twice && credential instanceof Credentials.Credential.Authorization) {
            throw new IllegalArgumentException(
                    "'credentialsId' and an Authorization header are both given: give one of them");
        }
        return credential;
    }

    @CheckForNull
    private StoredValidators knownOf(RequestSpec first, @CheckForNull TargetFile target, @CheckForNull String sha256) {
        boolean conditional = first.hasHeader("If-None-Match") || first.hasHeader("If-Modified-Since");
        boolean asked = settings.storage().onExisting() == OnExisting.REVALIDATE && first.method().equals("GET");
        if (!asked || conditional || target == null) {
            return null;
        }
        StoredValidators known = StoredValidators.read(target, first);
        return known == null || sha256 != null && !sha256.equals(known.sha256()) ? null : known;
    }

    @CheckForNull
    private RequestBody bodyOf(FetchBranch branch) throws IOException {
        BodySpec body = branch.body(settings.requests());
        if (body == null) {
            return null;
        }
        String parameter = body.kind().key();
        return body.toBody(file -> files(parameter).source(parameter, file));
    }

    @CheckForNull
    private TargetFile targetOf(FetchBranch branch) throws IOException {
        if (branch.file() != null) {
            return files("file").target(branch.file(), branch.index());
        }
        if (settings.storage().toDir() != null) {
            throw new IOException("branch " + branch.index() + " has not been given a file name");
        }
        return null;
    }

    private TargetFiles files(String parameter) {
        if (files == null) {
            throw new IllegalArgumentException("'" + parameter + "' needs a workspace: run the step inside 'node'");
        }
        return files;
    }

    @CheckForNull
    private static String sha256Of(FetchBranch branch) {
        if (branch.sha256() == null) {
            return null;
        }
        String hash = branch.sha256().strip().toLowerCase(Locale.ROOT);
        if (hash.length() != Sha256.DIGITS || !hash.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new IllegalArgumentException(
                    "sha256 '" + MessageText.line(branch.sha256()) + "' is not " + Sha256.DIGITS + " hex digits");
        }
        return hash;
    }

    private static void refuse(@CheckForNull String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** Makes the headers of a run's requests. Immutable. */
    private static final class RequestHeaders {

        private static final Map<String, String> STANDARD = Map.of(
                "User-Agent", "concurrency-steps", "Accept", "*/*", "Accept-Encoding", ContentCoding.ACCEPTED);

        private final Map<String, ?> defaults;
        private final List<Header> defaultHeaders;

        RequestHeaders(Map<String, ?> defaults) {
            this.defaults = defaults;
            this.defaultHeaders = merged(Map.of());
        }

        /**
         * The headers of a request.
         *
         * @param own the headers of the branch, which replace defaults
         * @param authorization replaces both; {@code null} for none
         */
        List<Header> with(Map<String, ?> own, @CheckForNull String authorization) {
            if (authorization == null) {
                return own.isEmpty() ? defaultHeaders : merged(own);
            }
            Map<String, Object> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            all.putAll(own);
            all.put("Authorization", authorization);
            return merged(all);
        }

        /** Whether a header has its standard value: neither the defaults nor the branch give it. */
        boolean isStandard(String name, Map<String, ?> own) {
            return Stream.concat(defaults.keySet().stream(), own.keySet().stream()).noneMatch(name::equalsIgnoreCase);
        }

        private List<Header> merged(Map<String, ?> own) {
            Map<String, List<Header>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (Map<String, ?> headers : List.of(STANDARD, defaults, own)) {
                headers.forEach((name, value) -> byName.put(
                        name,
                        HttpSyntax.headerLines(value).stream().<Header>map(line -> new BasicHeader(name, line.toString())).toList()));
            }
            return byName.values().stream().flatMap(List::stream).toList();
        }
    }
}
