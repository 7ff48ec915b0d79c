package io.jenkins.plugins.concurrency.steps.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.follow.RunPlacement;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.DestinationRules;
import io.jenkins.plugins.concurrency.config.JenkinsProxy;
import io.jenkins.plugins.concurrency.config.SizeLimits;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.RedirectSettings;
import io.jenkins.plugins.concurrency.engine.fetch.Timeouts;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.file.OnExisting;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyPattern;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodySpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.FormFields;
import io.jenkins.plugins.concurrency.engine.fetch.http.HttpSyntax;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.run.ProcessingSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.nodes.NodesRequest;
import io.jenkins.plugins.concurrency.steps.NodesArguments;
import io.jenkins.plugins.concurrency.steps.RunPlan;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.BranchList;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.Seconds;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * Many HTTP requests on a non-blocking reactor: of the agent's supervisor inside {@code node}, of the controller
 * outside it.
 */
public final class ParallelFetchStep extends FetchParameters {

    @DataBoundConstructor
    public ParallelFetchStep() {
        // all parameters have setters
    }

    @Override
    protected RunPlan plan(StepContext context, LimitEnforcer capped) throws Exception {
        Object urls = getUrls();
        String urlsFile = getUrlsFile();
        String toDir = getToDir();
        Map<String, Object> process = getProcess();
        if ((urls == null) == (urlsFile == null)) {
            throw wrong((urls == null ? "neither 'urls' nor 'urlsFile' is given" : "'urls' and 'urlsFile' are both given")
                    + "; give one of them");
        }
        NodesRequest request = new NodesArguments(this).request(context);
        FilePath around = context.get(FilePath.class);
        FilePath directory = request == null ? around : null;
        if (request != null && urlsFile != null && !request.hasFiles()) {
            throw wrong("urlsFile", NEEDS_STASH);
        }
        boolean onAgent = directory != null || request != null;
        if (!onAgent && (urlsFile != null || toDir != null || process != null)) {
            String wanting = urlsFile != null ? "urlsFile" : toDir != null ? "toDir" : "process";
            throw wrong(wanting, wanting.equals("toDir") ? NEEDS_NODE : NEEDS_WORKSPACE);
        }
        if (process != null && request == null && RunPlacement.isDecorated(context.get(Launcher.class))) {
            throw wrong("process", "can't be used in a container or under another decorated launcher;"
                    + " fetch there first, then give the files to cpuPool");
        }
        if (toDir != null) {
            insideWorkspace("toDir", toDir);
        }
        if (isIgnoreTls() && !ConcurrencyConfiguration.get().isAllowIgnoreTls()) {
            throw wrong("ignoreTls", "the administrator does not allow it (Manage Jenkins, System, Concurrency Steps)");
        }
        ProcessingSpec processing = process == null ? null : new ProcessArguments(this, process).processing(directory, capped);
        // Each node has its own workspace. It is sent when the node is available.
        String workspace = request != null ? "" : onAgent ? directory.getRemote() : null;
        FetchCredentials credentials = new FetchCredentials(this, context.get(Run.class));
        if (urlsFile != null) {
            String credentialsId = getCredentialsId();
            if (credentialsId != null) {
                credentials.use(credentialsId, null);
            }
            String inside = insideWorkspace("urlsFile", urlsFile);
            String file = directory == null ? inside : directory.child(inside).getRemote();
            WorkSpec.Fetch work = new WorkSpec.Fetch(settings(workspace, credentials, capped), file, processing);
            return new RunPlan(label(), policy(capped), work, BranchList.listedOnAgent()).on(request);
        }
        BranchList branches = new FetchBranches(this, onAgent, credentials).list(urls);
        WorkSpec.Fetch work = new WorkSpec.Fetch(settings(workspace, credentials, capped), null, processing);
        return new RunPlan(label(), policy(capped), work, branches).on(request);
    }

    private FetchSettings settings(@CheckForNull String workspace, FetchCredentials credentials, LimitEnforcer capped)
            throws WrongArgumentException {
        Duration connect = Seconds.of(getConnectTimeout());
        if (connect.isZero()) {
            throw wrong("connectTimeout", "0 is given; allowed is more than 0");
        }
        if (isCookies() && getResumeFrom() != null) {
            throw wrong("cookies", "can't be used with 'resumeFrom': cookies of earlier runs are not kept");
        }
        Map<String, Object> requestHeaders = requestHeaders();
        try {
            return new FetchSettings(
                    traffic(capped),
                    new Timeouts(connect, Seconds.of(getIdleTimeout())),
                    new RequestDefaults(
                            getMethod(),
                            FormFields.of("query", Arguments.plain(getQuery())),
                            HttpSyntax.accepting(getAccept(), requestHeaders),
                            requestBody(workspace != null),
                            StatusRanges.parse(getValidStatus()),
                            getValidBody() == null ? null : BodyPattern.parse(getValidBody()),
                            getCredentialsId(),
                            isCookies()),
                    isFollowRedirects() ? RedirectSettings.FOLLOW : RedirectSettings.NEVER,
                    storage(workspace, capped),
                    FetchNetworkSettings.settings(workspace != null, isIgnoreTls()),
                    credentials.references());
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    @CheckForNull
    private BodySpec requestBody(boolean onAgent) throws WrongArgumentException {
        Map<String, Object> given = new HashMap<>();
        given.put("body", getBody());
        given.put("json", Arguments.plain(getJson()));
        given.put("form", Arguments.plain(getForm()));
        given.put("multipart", Arguments.plain(getMultipart()));
        BodySpec body = BodySpec.of(given::get);
        FetchBranches.checkFiles(this, body, "multipart", "", onAgent);
        return body;
    }

    private Map<String, Object> requestHeaders() throws WrongArgumentException {
        if (!(getHeaders() instanceof Map<?, ?> given)) {
            throw wrong("headers", Arguments.describe(getHeaders()) + " is given; allowed is a map");
        }
        Map<String, Object> texts = new LinkedHashMap<>();
        for (Map.Entry<?, ?> header : given.entrySet()) {
            if (header.getValue() == null) {
                throw wrong("headers", "'" + header.getKey() + "' is null; leave it out or give it a value");
            }
            Object value = Arguments.plain(header.getValue());
            texts.put(
                    String.valueOf(header.getKey()),
                    value instanceof List<?> lines ? lines.stream().map(String::valueOf).toList() : value.toString());
        }
        return texts;
    }

    private TrafficSettings traffic(LimitEnforcer capped) {
        boolean auto = getConcurrency().equals(TrafficSettings.AUTO);
        int most = getLabel() == null ? TrafficSettings.MOST_OF_AUTO : TrafficSettings.STANDARD.concurrency();
        int concurrency = auto ? most : (int) getConcurrency();
        new TrafficSettings(concurrency, getPerHost(), getRate()); // invalid values must be refused, not reduced
        return new TrafficSettings(
                (int) (auto ? capped.open("concurrency", concurrency, concurrency) : capped.open("concurrency", concurrency)),
                (int) capped.open("perHost", getPerHost()),
                capped.open("rate", getRate()),
                auto);
    }

    private BodyStorage storage(@CheckForNull String workspace, LimitEnforcer capped) {
        SizeLimits sizes = ConcurrencyConfiguration.get().getSizes();
        long most = (long) capped.open("maxBytes", getMaxBytes(), 0, sizes.bodyBytes());
        return new BodyStorage(workspace, getToDir(), most, sizes.textBytes(), OnExisting.of(getOnExisting()));
    }

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

    /** The administrator's rules for the destinations of requests, and for the way to them. */
    private static final class FetchNetworkSettings {

        private FetchNetworkSettings() {}

        /**
         * The settings for a step.
         *
         * @param onAgent whether requests start on an agent, where commands could connect to anything anyway
         * @throws IllegalArgumentException if a file of the configuration is invalid; with a message of one line
         */
        static NetworkSettings settings(boolean onAgent, boolean ignoreTls) {
            ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
            DestinationRules rules = onAgent ? configuration.getAgents() : configuration.getController();
            boolean ofEnvironment = onAgent && configuration.isEnvironmentProxy();
            return new NetworkSettings(rules.policy(), JenkinsProxy.settings(), ofEnvironment, ignoreTls);
        }
    }
}
