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

    @CheckForNull
    private String method;

    private Object query = new LinkedHashMap<>();
    private Object headers = new LinkedHashMap<>();

    @CheckForNull
    private String accept;

    @CheckForNull
    private String body;

    @CheckForNull
    private Object json;

    @CheckForNull
    private Object form;

    @CheckForNull
    private Object multipart;

    @CheckForNull
    private String credentialsId;

    private String validStatus = "200:299";

    @CheckForNull
    private String validBody;

    private boolean cookies;
    private Object concurrency = defaults().getConcurrency();
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

    /** A file of the workspace that lists what to fetch. Each line is a URL or a JSON object. */
    @CheckForNull
    public String getUrlsFile() {
        return urlsFile;
    }

    @DataBoundSetter
    public void setUrlsFile(@CheckForNull String urlsFile) {
        this.urlsFile = Util.fixEmptyAndTrim(urlsFile);
    }

    /** The HTTP method; {@code null} for {@code POST} with a body and {@code GET} without. */
    @CheckForNull
    public String getMethod() {
        return method;
    }

    @DataBoundSetter
    public void setMethod(@CheckForNull String method) {
        this.method = Util.fixEmptyAndTrim(method);
    }

    /** What is added to the query of each URL: a map, or the lines of a form if they can't be read as one. */
    public Object getQuery() {
        return query;
    }

    @DataBoundSetter
    public void setQuery(@CheckForNull Object query) {
        this.query = FieldLines.read(query, '=');
    }

    /** Request headers: a map, or the lines of a form if they can't be read as one. */
    public Object getHeaders() {
        return headers;
    }

    @DataBoundSetter
    public void setHeaders(@CheckForNull Object headers) {
        this.headers = FieldLines.read(headers, ':');
    }

    /** The accepted media types, as in an {@code Accept} header. */
    @CheckForNull
    public String getAccept() {
        return accept;
    }

    @DataBoundSetter
    public void setAccept(@CheckForNull String accept) {
        this.accept = Util.fixEmptyAndTrim(accept);
    }

    /** The body of all requests without their own body. */
    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmpty(body);
    }

    /** A JSON value, the body of all requests without their own body. */
    @CheckForNull
    public Object getJson() {
        return json;
    }

    @DataBoundSetter
    public void setJson(@CheckForNull Object json) {
        this.json = json;
    }

    /** The fields of a form, the body of all requests without their own body: a map, or the lines of a form. */
    @CheckForNull
    public Object getForm() {
        return form;
    }

    @DataBoundSetter
    public void setForm(@CheckForNull Object form) {
        boolean none = form == null || form instanceof CharSequence lines && lines.toString().isBlank();
        this.form = none ? null : FieldLines.read(form, '=');
    }

    /** The parts of a multipart body, the body of all requests without their own body: a list or a map. */
    @CheckForNull
    public Object getMultipart() {
        return multipart;
    }

    @DataBoundSetter
    public void setMultipart(@CheckForNull Object multipart) {
        this.multipart = multipart;
    }

    /** The credentials of all requests without their own credentials; {@code null} for none. */
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

    /** A regular expression that must match a part of each body; {@code null} for any body. */
    @CheckForNull
    public String getValidBody() {
        return validBody;
    }

    @DataBoundSetter
    public void setValidBody(@CheckForNull String validBody) {
        this.validBody = Util.fixEmpty(validBody);
    }

    /** Whether requests send the cookies that other responses of the step have set. */
    public boolean isCookies() {
        return cookies;
    }

    @DataBoundSetter
    public void setCookies(boolean cookies) {
        this.cookies = cookies;
    }

    /** The largest number of requests at once, or {@link TrafficSettings#AUTO}. */
    @AllowedValues(least = 1, most = TrafficSettings.MAX_CONCURRENCY, word = TrafficSettings.AUTO)
    public Object getConcurrency() {
        return concurrency;
    }

    @DataBoundSetter
    public void setConcurrency(@CheckForNull Object concurrency) {
        this.concurrency = concurrency == null ? defaults().getConcurrency() : Arguments.wholeNumber(concurrency);
    }

    /** The largest number of requests at once to one host; 0 for no limit by host. */
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

    /** How long it may take to connect, in seconds. */
    @AllowedValues(seconds = true)
    public Object getConnectTimeout() {
        return connectTimeout;
    }

    @DataBoundSetter
    public void setConnectTimeout(@CheckForNull Object connectTimeout) {
        this.connectTimeout = Seconds.normal(connectTimeout);
    }

    /** How long a response that has started may pause, in seconds; 0 for no limit. */
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

    /** Whether the certificates of servers are not checked. The administrator must allow it. */
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

    /** The largest body in bytes; 0 for no limit for files. */
    public long getMaxBytes() {
        return maxBytes;
    }

    @DataBoundSetter
    public void setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What happens if a file exists: a text of {@link OnExisting}. */
    public String getOnExisting() {
        return onExisting;
    }

    @DataBoundSetter
    public void setOnExisting(String onExisting) {
        this.onExisting = onExisting.strip();
    }

    /** What happens with each response: parameters of a {@code cpuPool}; {@code null} for nothing. */
    @CheckForNull
    public Map<String, Object> getProcess() {
        return process;
    }

    @DataBoundSetter
    public void setProcess(@CheckForNull Map<String, Object> process) {
        this.process = process;
    }

    private static StepDefaults defaults() {
        return ConcurrencyConfiguration.get().getDefaults();
    }
}
