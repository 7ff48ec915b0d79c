package io.jenkins.plugins.concurrency.view;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.view.data.BranchDetail;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import io.jenkins.plugins.concurrency.view.data.JsonAnswer;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import io.jenkins.plugins.concurrency.view.export.Download;
import io.jenkins.plugins.concurrency.view.report.HtmlReport;
import io.jenkins.plugins.concurrency.view.report.PageFiles;
import io.jenkins.plugins.concurrency.view.report.PageTexts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jenkins.model.TransientActionFactory;
import jenkins.util.VirtualFile;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.GET;

/** The page "Concurrency" of a build, its data, its downloads and its remote API. Reads only journals. */
@ExportedBean
public final class BuildPage implements Action, StaplerProxy {

    static final String URL_NAME = "concurrency";

    /** How often an open page asks for new data, in milliseconds. The page must show it within two seconds. */
    static final int POLL_MILLIS = 1_750;

    /** In bytes. Smaller answers are not compressed. */
    private static final int WORTH_PACKING = 4 * 1024;

    /** How long a request for a report waits for other reports. */
    private static final int REPORT_SECONDS = 5;

    private static final Semaphore REPORTS = new Semaphore(1, true);

    private static final BuildRuns.Cache CACHE = new BuildRuns.Cache();

    private final Run<?, ?> build;

    BuildPage(Run<?, ?> build) {
        this.build = build;
    }

    @Override
    public String getIconFileName() {
        return "symbol-concurrency plugin-concurrency-steps";
    }

    @Override
    public String getDisplayName() {
        return Messages.BuildPage_DisplayName();
    }

    @Override
    public String getUrlName() {
        return URL_NAME;
    }

    /** Everybody who may see the job may see the page. */
    @Override
    public Object getTarget() {
        build.checkPermission(Item.READ);
        return this;
    }

    public Run<?, ?> getBuild() {
        return build;
    }

    /** The scripts of the page. Some libraries are loaded in another way and are not among them. */
    public List<String> getScripts() {
        return PageFiles.scripts();
    }

    public List<String> getStyles() {
        return PageFiles.styles();
    }

    /** The texts of the page's scripts in a language: see {@link PageTexts}. */
    public String texts(Locale locale) {
        return PageTexts.json(locale);
    }

    static Path directory(Run<?, ?> build) {
        return build.getRootDir().toPath();
    }

    private BuildRuns runs(boolean building) throws IOException {
        BuildRuns runs = CACHE.get(directory(build));
        runs.refresh(building);
        return runs;
    }

    /** The remote API. */
    public Api getApi() {
        return new Api(this);
    }

    /** The steps of the build in the order in which they were started. */
    @Exported
    public List<RunBean> getRuns() throws IOException {
        boolean building = build.isBuilding();
        List<RunIndex> runs = runs(building).all();
        return new BeanList<>(runs.size(), place -> new RunBean(runs.get(place), building));
    }

    /** What the page shows: the steps, and for one of them a part of the timeline and of the table. */
    @GET
    public void doData(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        RequestQuery query = new RequestQuery(request);
        boolean building = build.isBuilding(); // asked before the journals are read, so that their ends are not missed
        BuildRuns runs = runs(building);
        String version = runs.version() + (building ? "-building" : "-ended");
        String tag = '"' + version + '"';
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("ETag", tag);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        try {
            String question = String.valueOf(request.getQueryString());
            send(request, response, runs.answer(version, question, () -> data(query, runs, building)));
        } catch (IllegalArgumentException e) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
        }
    }

    private static Map<String, Object> data(RequestQuery query, BuildRuns runs, boolean building) {
        Map<String, Object> json = new LinkedHashMap<>();
        List<Object> summaries = new ArrayList<>();
        runs.all().forEach(run -> summaries.add(RecordCodec.encode(run.summary(building))));
        json.put("building", building);
        json.put("poll", POLL_MILLIS);
        json.put("runs", summaries);
        RunIndex run = runs.get(query.text("run"));
        if (run != null && query.has("width")) {
            json.put("timeline", run.timeline(query.timeline()));
        }
        if (run != null && query.has("length")) {
            json.put("table", run.table(query.table(), query.start(), query.length()));
        }
        return json;
    }

    /** Everything about one branch. */
    @GET
    public void doBranch(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        RequestQuery query = new RequestQuery(request);
        RunIndex run = runs(build.isBuilding()).get(query.text("run"));
        int index = query.integer("index", -1);
        Outcome outcome = run == null ? null : run.outcome(index);
        if (outcome == null) {
            refuse(response, HttpServletResponse.SC_NOT_FOUND, "no branch of this index has ended");
            return;
        }
        response.setHeader("Cache-Control", "private, no-cache");
        send(response, Json.writeBytes(BranchDetail.toJson(outcome, run.lane(index), run.relatives(index), this::linkToKept)));
    }

    /** The link to an artifact of the build, relative to this page; {@code null} if there is no such artifact. */
    @CheckForNull
    private String linkToKept(String path) {
        List<String> steps = Arrays.asList(path.split("[/\\\\]"));
        try {
            VirtualFile file = build.getArtifactManager().root().child(String.join("/", steps));
            if (steps.contains("..") || !file.isFile()) {
                return null;
            }
        } catch (IOException e) {
            return null;
        }
        return "../artifact/" + steps.stream().map(Util::rawEncode).collect(Collectors.joining("/"));
    }

    /** All branches of a run as a file. */
    @GET
    public void doDownload(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        RequestQuery query = new RequestQuery(request);
        RunIndex run = runs(build.isBuilding()).get(query.text("run"));
        if (run == null) {
            refuse(response, HttpServletResponse.SC_NOT_FOUND, "no such run");
            return;
        }
        Download download;
        try {
            download = Download.of(query.text("format"));
        } catch (IllegalArgumentException e) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
            return;
        }
        attach(response, download.contentType(), run.summary(false).name(), download.extension());
        try (Writer out = response.getWriter()) {
            download.write(run, out);
        }
    }

    /**
     * The page as one file that needs no server. Reports are made one at a time, because everybody who may see the job
     * may ask for one. The file is on the disk until it has been sent. So a slow reader delays nobody.
     */
    @GET
    public void doReport(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Path file = Files.createTempFile(URL_NAME, ".html");
        try {
            if (!write(file, request.getLocale())) {
                response.setHeader("Retry-After", String.valueOf(REPORT_SECONDS));
                refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "other reports are being made; try again");
                return;
            }
            attach(response, "text/html", URL_NAME, "html");
            try (Reader report = Files.newBufferedReader(file);
                    Writer out = response.getWriter()) {
                report.transferTo(out);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** @return false if other reports take too long */
    private boolean write(Path report, Locale locale) throws IOException {
        try {
            if (!REPORTS.tryAcquire(REPORT_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try (Writer out = Files.newBufferedWriter(report)) {
            boolean building = build.isBuilding();
            new HtmlReport(build.getFullDisplayName(), locale, runs(building), building).write(out);
            return true;
        } finally {
            REPORTS.release();
        }
    }

    private void attach(StaplerResponse2 response, String contentType, String name, String extension) {
        String file = build.getParent().getName() + "-" + build.getNumber() + "-" + name;
        response.setContentType(contentType + ";charset=UTF-8");
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"" + file.replaceAll("[^A-Za-z0-9._-]+", "-") + "." + extension + '"');
    }

    private static void send(StaplerRequest2 request, StaplerResponse2 response, JsonAnswer answer) throws IOException {
        response.setHeader("Vary", "Accept-Encoding");
        boolean isSmall = answer.plain().length < WORTH_PACKING;
        String accepted = request.getHeader("Accept-Encoding");
        if (isSmall || accepted == null || !accepted.contains("gzip")) {
            send(response, answer.plain());
            return;
        }
        response.setHeader("Content-Encoding", "gzip");
        send(response, answer.packed());
    }

    private static void send(StaplerResponse2 response, byte[] json) throws IOException {
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }

    private static void refuse(StaplerResponse2 response, int status, String why) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(why.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds the page to builds that have runs. It is asked often, so it only checks whether a folder exists. */
    @Extension
    @SuppressWarnings("rawtypes") // as the base class asks for it
    public static final class Factory extends TransientActionFactory<Run> {

        @Override
        public Class<Run> type() {
            return Run.class;
        }

        @Override
        public Class<? extends Action> actionType() {
            return BuildPage.class;
        }

        @Override
        public Collection<? extends Action> createFor(Run build) {
            Run<?, ?> target = build;
            return BuildRuns.hasAny(BuildPage.directory(target)) ? Set.of(new BuildPage(target)) : Set.of();
        }
    }
}
