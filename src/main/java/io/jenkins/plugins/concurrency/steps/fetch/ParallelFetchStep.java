package io.jenkins.plugins.concurrency.steps.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.follow.RunPlacement;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.SizeLimits;
import io.jenkins.plugins.concurrency.config.StepDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.RedirectSettings;
import io.jenkins.plugins.concurrency.engine.fetch.Timeouts;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficLimits;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.run.ProcessingSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.nodes.NodesRequest;
import io.jenkins.plugins.concurrency.steps.NodesArguments;
import io.jenkins.plugins.concurrency.steps.RunPlan;
import io.jenkins.plugins.concurrency.steps.RunStep;
import io.jenkins.plugins.concurrency.steps.parameter.AllowedValues;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.BranchList;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.Seconds;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
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

    private Object urls;

    @CheckForNull
    private String urlsFile;

    private String method = "GET";
    private Object headers = new LinkedHashMap<>();

    @CheckForNull
    private String body;

    @CheckForNull
    private String credentialsId;

    private String validStatus = "200:299";
    private int concurrency = defaults().getConcurrency();
    private int perHost = defaults().getPerHost();
    private double rate = defaults().getRate();
    private Object connectTimeout = 10;
    private Object idleTimeout = 30;
    private boolean followRedirects = true;

    private boolean ignoreTls;

    @CheckForNull
    private String toDir;

    private long maxBytes;
    private String onExisting = OnExisting.OVERWRITE.text();

    @CheckForNull
    private Map<String, Object> process;

    @DataBoundConstructor
    public ParallelFetchStep() {
        super(defaults().getTimeout());
    }

    /** What to fetch: a list of URLs and maps, or a map from name to URL. */
    @CheckForNull
    public Object getUrls() {
        return urls;
    }

    @DataBoundSetter
    public void setUrls(@CheckForNull Object urls) {
        this.urls = Arguments.listed(urls);
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
    public String getMethod() {
        return method;
    }

    @DataBoundSetter
    public void setMethod(String method) {
        this.method = method.strip();
    }

    /** Request headers: a map, or the lines of a form that make none. */
    public Object getHeaders() {
        return headers;
    }

    @DataBoundSetter
    public void setHeaders(@CheckForNull Object headers) {
        this.headers = HeaderLines.read(headers);
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

    /** The credentials of requests that have none of their own; {@code null} for none. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** The statuses that count as success, for example {@code 200:299,304}. */
    public String getValidStatus() {
        return validStatus;
    }

    @DataBoundSetter
    public void setValidStatus(String validStatus) {
        this.validStatus = validStatus.strip();
    }

    /** Requests at once. */
    @AllowedValues(least = 1, most = TrafficLimits.MAX_CONCURRENCY)
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

    /** Requests a second to one host, evenly spaced; 0 for no limit. */
    public double getRate() {
        return rate;
    }

    @DataBoundSetter
    public void setRate(double rate) {
        this.rate = rate;
    }

    /** The limit for a connection to be made, in seconds. */
    @AllowedValues(seconds = true)
    public Object getConnectTimeout() {
        return connectTimeout;
    }

    @DataBoundSetter
    public void setConnectTimeout(@CheckForNull Object connectTimeout) {
        this.connectTimeout = Seconds.normal(connectTimeout);
    }

    /** In seconds, within which a response that has started must continue; 0 for no limit. */
    @AllowedValues(seconds = true)
    public Object getIdleTimeout() {
        return idleTimeout;
    }

    @DataBoundSetter
    public void setIdleTimeout(@CheckForNull Object idleTimeout) {
        this.idleTimeout = Seconds.normal(idleTimeout);
    }

    /** Whether redirects are followed. */
    public boolean isFollowRedirects() {
        return followRedirects;
    }

    @DataBoundSetter
    public void setFollowRedirects(boolean followRedirects) {
        this.followRedirects = followRedirects;
    }

    /** Whether certificates of servers are left unchecked; only where the administrator allows it. */
    public boolean isIgnoreTls() {
        return ignoreTls;
    }

    @DataBoundSetter
    public void setIgnoreTls(boolean ignoreTls) {
        this.ignoreTls = ignoreTls;
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

    /** What is done with existing files: a text of {@link OnExisting}. */
    public String getOnExisting() {
        return onExisting;
    }

    @DataBoundSetter
    public void setOnExisting(String onExisting) {
        this.onExisting = onExisting.strip();
    }

    /** What is done with each response: parameters of a {@code cpuPool}; {@code null} for nothing. */
    @CheckForNull
    public Map<String, Object> getProcess() {
        return process;
    }

    @DataBoundSetter
    public void setProcess(@CheckForNull Map<String, Object> process) {
        this.process = process;
    }

    /** Whether bodies have to be in files, and {@code toDir} does not see to that. */
    boolean wantsFiles() {
        return process != null && process.get("command") != null && toDir == null;
    }

    @Override
    protected RunPlan plan(StepContext context, LimitEnforcer capped) throws Exception {
        if ((urls == null) == (urlsFile == null)) {
            throw wrong((urls == null ? "neither 'urls' nor 'urlsFile' is given" : "'urls' and 'urlsFile' are both given")
                    + "; give one of them");
        }
        NodesRequest request = new NodesArguments(this).request(context);
        if (request != null && (urlsFile != null || process != null)) {
            String wanting = urlsFile != null ? "urlsFile" : "process";
            throw wrong(wanting, "can't be used with 'label'");
        }
        FilePath directory = request == null ? context.get(FilePath.class) : null;
        boolean onAgent = directory != null || request != null;
        if (!onAgent && (urlsFile != null || toDir != null || process != null)) {
            String wanting = urlsFile != null ? "urlsFile" : toDir != null ? "toDir" : "process";
            throw wrong(wanting, wanting.equals("toDir") ? NEEDS_NODE : "needs a workspace; call the step inside 'node'");
        }
        if (process != null && RunPlacement.isDecorated(context.get(Launcher.class))) {
            throw wrong("process", "can't be used in a container or under another decorated launcher;"
                    + " fetch there first, then give the files to cpuPool");
        }
        if (toDir != null) {
            insideWorkspace("toDir", toDir);
        }
        if (ignoreTls && !ConcurrencyConfiguration.get().isAllowIgnoreTls()) {
            throw wrong("ignoreTls", "the administrator does not allow it (Manage Jenkins, System, Concurrency Steps)");
        }
        ProcessingSpec processing = process == null ? null : new ProcessArguments(this, process).processing(directory, capped);
        // Each node has its own, which is sent when the node is there.
        String workspace = request != null ? "" : onAgent ? directory.getRemote() : null;
        FetchCredentials credentials = new FetchCredentials(this, context.get(Run.class));
        if (urlsFile != null) {
            if (credentialsId != null) {
                credentials.use(credentialsId, null);
            }
            String file = directory.child(insideWorkspace("urlsFile", urlsFile)).getRemote();
            WorkSpec.Fetch work = new WorkSpec.Fetch(settings(workspace, credentials, capped), file, processing);
            return new RunPlan(label(), policy(capped), work, BranchList.listedOnAgent());
        }
        BranchList branches = new FetchBranches(this, onAgent, credentials).list(urls);
        WorkSpec.Fetch work = new WorkSpec.Fetch(settings(workspace, credentials, capped), null, processing);
        return new RunPlan(label(), policy(capped), work, branches).on(request);
    }

    private static StepDefaults defaults() {
        return ConcurrencyConfiguration.get().getDefaults();
    }

    private FetchSettings settings(@CheckForNull String workspace, FetchCredentials credentials, LimitEnforcer capped)
            throws WrongArgumentException {
        Duration connect = Seconds.of(connectTimeout);
        if (connect.isZero()) {
            throw wrong("connectTimeout", "0 is given; allowed is more than 0");
        }
        Map<String, String> requestHeaders = requestHeaders();
        try {
            return new FetchSettings(
                    traffic(capped),
                    new Timeouts(connect, Seconds.of(idleTimeout)),
                    new RequestDefaults(method, requestHeaders, body, StatusRanges.parse(validStatus), credentialsId),
                    followRedirects ? RedirectSettings.FOLLOW : RedirectSettings.NEVER,
                    storage(workspace, capped),
                    FetchNetworkSettings.settings(workspace != null, ignoreTls),
                    credentials.references());
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private Map<String, String> requestHeaders() throws WrongArgumentException {
        if (!(headers instanceof Map<?, ?> given)) {
            throw wrong("headers", Arguments.describe(headers) + " is given; allowed is a map");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<?, ?> header : given.entrySet()) {
            if (header.getValue() == null) {
                throw wrong("headers", "'" + header.getKey() + "' is null; leave it out or give it a value");
            }
            texts.put(String.valueOf(header.getKey()), header.getValue().toString());
        }
        return texts;
    }

    private TrafficLimits traffic(LimitEnforcer capped) {
        new TrafficLimits(concurrency, perHost, rate); // what makes no sense is not to be cut to what does
        return new TrafficLimits(
                (int) capped.open("concurrency", concurrency),
                (int) capped.open("perHost", perHost),
                capped.open("rate", rate));
    }

    private BodyStorage storage(@CheckForNull String workspace, LimitEnforcer capped) {
        SizeLimits sizes = ConcurrencyConfiguration.get().getSizes();
        long most = (long) capped.open("maxBytes", maxBytes, 0, sizes.bodyBytes());
        return new BodyStorage(workspace, toDir, most, sizes.textBytes(), OnExisting.of(onExisting));
    }

    /** Registers the step. */
    @Extension
    public static final class DescriptorImpl extends FetchStepDescriptor {

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
