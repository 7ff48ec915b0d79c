package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.concurrency.engine.fetch.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.RedirectPolicy;
import io.jenkins.plugins.concurrency.engine.fetch.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.StatusRanges;
import io.jenkins.plugins.concurrency.engine.run.Work;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * Many HTTP requests on a non-blocking reactor: of the agent's supervisor inside {@code node}, of the controller
 * outside it.
 */
public final class ParallelFetchStep extends RunStep {

    private static final int DEFAULT_TIMEOUT = 60;

    private Object urls;

    @CheckForNull
    private String urlsFile;

    private String method = "GET";
    private Map<String, Object> headers = new LinkedHashMap<>();

    @CheckForNull
    private String body;

    private String validStatus = "200:299";
    private int concurrency = 64;
    private int perHost;
    private int connectTimeout = 10;
    private boolean followRedirects = true;

    @CheckForNull
    private String toDir;

    private long maxBytes;

    @DataBoundConstructor
    public ParallelFetchStep() {
        super(DEFAULT_TIMEOUT);
    }

    /** What to fetch: a list of URLs and maps, or a map from name to URL. */
    @CheckForNull
    public Object getUrls() {
        return urls;
    }

    @DataBoundSetter
    public void setUrls(@CheckForNull Object urls) {
        this.urls = "".equals(urls) ? null : urls;
    }

    /** A file of the workspace that lists what to fetch: a URL or a JSON object a line. */
    @CheckForNull
    public String getUrlsFile() {
        return urlsFile;
    }

    @DataBoundSetter
    public void setUrlsFile(@CheckForNull String urlsFile) {
        this.urlsFile = Util.fixEmptyAndTrim(urlsFile);
    }

    /** The HTTP method. */
    @NonNull
    public String getMethod() {
        return method;
    }

    @DataBoundSetter
    public void setMethod(@NonNull String method) {
        this.method = method.strip();
    }

    /** Request headers. */
    @NonNull
    public Map<String, Object> getHeaders() {
        return headers;
    }

    @DataBoundSetter
    public void setHeaders(@CheckForNull Map<String, Object> headers) {
        this.headers = headers == null ? new LinkedHashMap<>() : headers;
    }

    /** A request body for all requests that have none of their own. */
    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmpty(body);
    }

    /** The statuses that count as success, for example {@code 200:299,304}. */
    @NonNull
    public String getValidStatus() {
        return validStatus;
    }

    @DataBoundSetter
    public void setValidStatus(@NonNull String validStatus) {
        this.validStatus = validStatus.strip();
    }

    /** Requests at once. */
    public int getConcurrency() {
        return concurrency;
    }

    @DataBoundSetter
    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    /** Requests at once to one host; 0 for no limit of its own. */
    public int getPerHost() {
        return perHost;
    }

    @DataBoundSetter
    public void setPerHost(int perHost) {
        this.perHost = perHost;
    }

    /** The limit for a connection to be made, in seconds. */
    public int getConnectTimeout() {
        return connectTimeout;
    }

    @DataBoundSetter
    public void setConnectTimeout(int connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    /** Whether redirects are followed. */
    public boolean isFollowRedirects() {
        return followRedirects;
    }

    @DataBoundSetter
    public void setFollowRedirects(boolean followRedirects) {
        this.followRedirects = followRedirects;
    }

    /** The folder that gets a file for each body; {@code null} to return the bodies as text. */
    @CheckForNull
    public String getToDir() {
        return toDir;
    }

    @DataBoundSetter
    public void setToDir(@CheckForNull String toDir) {
        this.toDir = Util.fixEmptyAndTrim(toDir);
    }

    /** The largest body in bytes; 0 for no limit on files. */
    public long getMaxBytes() {
        return maxBytes;
    }

    @DataBoundSetter
    public void setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    RunPlan plan(StepContext context) throws Exception {
        if ((urls == null) == (urlsFile == null)) {
            throw wrong((urls == null ? "neither 'urls' nor 'urlsFile' is given" : "'urls' and 'urlsFile' are both given")
                    + "; give one of them");
        }
        FilePath directory = context.get(FilePath.class);
        boolean onAgent = directory != null;
        if (!onAgent && (urlsFile != null || toDir != null)) {
            throw wrong(urlsFile != null ? "urlsFile" : "toDir", "needs a workspace; call the step inside 'node'");
        }
        if (toDir != null) {
            insideWorkspace("toDir", toDir);
        }
        FetchSettings settings = settings(onAgent ? directory.getRemote() : null);
        if (urlsFile != null) {
            String file = directory.child(insideWorkspace("urlsFile", urlsFile)).getRemote();
            return new RunPlan(label(), policy(), new Work.Fetch(settings, file), BranchList.listedOnAgent());
        }
        BranchList branches = new FetchBranches(this, onAgent).list(urls);
        return new RunPlan(label(), policy(), new Work.Fetch(settings, null), branches);
    }

    private FetchSettings settings(String workspace) throws WrongArgumentException {
        atLeast("concurrency", 1, concurrency);
        atLeast("perHost", 0, perHost);
        atLeast("connectTimeout", 1, connectTimeout);
        atLeast("maxBytes", 0, maxBytes);
        Map<String, String> requestHeaders = new LinkedHashMap<>();
        for (Map.Entry<String, Object> header : headers.entrySet()) {
            if (header.getValue() == null) {
                throw wrong("headers", "'" + header.getKey() + "' is null; leave it out or give it a value");
            }
            requestHeaders.put(header.getKey(), header.getValue().toString());
        }
        try {
            return new FetchSettings(
                    concurrency,
                    perHost,
                    Duration.ofSeconds(connectTimeout),
                    new RequestDefaults(method, requestHeaders, body, StatusRanges.parse(validStatus)),
                    followRedirects ? RedirectPolicy.FOLLOW : RedirectPolicy.NEVER,
                    new BodyStorage(workspace, toDir, maxBytes));
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    /** Registers the step. */
    @Extension
    public static final class DescriptorImpl extends BranchStepDescriptor {

        @Override
        public String getFunctionName() {
            return "parallelFetch";
        }

        @Override
        public String getDisplayName() {
            return Messages.ParallelFetchStep_DisplayName();
        }
    }
}
