package io.jenkins.plugins.concurrency.steps.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.StepDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.steps.RunStep;
import io.jenkins.plugins.concurrency.steps.parameter.AllowedValues;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.Seconds;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kohsuke.stapler.DataBoundSetter;

/** The parameters of {@code parallelFetch}. Times are seconds. */
public abstract class FetchParameters extends RunStep {

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

    FetchParameters() {
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
    @AllowedValues(least = 1, most = TrafficSettings.MAX_CONCURRENCY)
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

    private static StepDefaults defaults() {
        return ConcurrencyConfiguration.get().getDefaults();
    }
}
