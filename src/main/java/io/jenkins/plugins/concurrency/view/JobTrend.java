package io.jenkins.plugins.concurrency.view;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import io.jenkins.plugins.concurrency.view.data.BuildTotals;
import io.jenkins.plugins.concurrency.view.report.PageFiles;
import io.jenkins.plugins.concurrency.view.report.PageTexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.TransientActionFactory;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/** The small chart on the page of a job: the branches of its last builds and how they ended. */
public final class JobTrend implements Action, StaplerProxy {

    private static final Logger LOGGER = Logger.getLogger(JobTrend.class.getName());

    private static final int MAX_BUILDS = 30;

    /** How long a request counts builds that were not counted yet. The next request continues. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Job<?, ?> job;

    JobTrend(Job<?, ?> job) {
        this.job = job;
    }

    /** None: the chart is on the job's page, not behind a link. */
    @Override
    @CheckForNull
    public String getIconFileName() {
        return null;
    }

    @Override
    @CheckForNull
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return "concurrency-trend";
    }

    @Override
    public Object getTarget() {
        job.checkPermission(Item.READ);
        return this;
    }

    public Job<?, ?> getJob() {
        return job;
    }

    public List<String> getScripts() {
        return PageFiles.scriptsOfTrends();
    }

    /** The texts of the chart's script in a language: see {@link PageTexts}. */
    public String texts(Locale locale) {
        return PageTexts.json(locale);
    }

    /** The builds that have ended, the oldest first; with {@code more} if some are not counted yet. */
    @GET
    public void doData(StaplerRequest2 request, StaplerResponse2 response) throws IOException, InterruptedException {
        Map<String, Object> json = new LinkedHashMap<>();
        List<Object> builds = new ArrayList<>();
        json.put("builds", builds);
        long begin = System.nanoTime();
        int seen = 0;
        for (Run<?, ?> build = job.getLastBuild(); build != null && seen < MAX_BUILDS; build = build.getPreviousBuild()) {
            seen++;
            long left = begin + MAX_NANOS - System.nanoTime();
            Path directory = BuildPage.directory(build);
            boolean wanted = left > 0 && !build.isBuilding() && BuildRuns.hasAny(directory);
            Map<String, Object> counted = wanted ? json(build, directory, left) : null;
            if (counted != null) {
                builds.add(0, counted);
            } else if (wanted || left <= 0) {
                json.put("more", true);
                break;
            }
        }
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(Json.writeBytes(json));
    }

    /** @return {@code null} if the counting of another build takes longer */
    @CheckForNull
    private static Map<String, Object> json(Run<?, ?> build, Path directory, long patienceNanos)
            throws InterruptedException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", build.getNumber());
        json.put("name", build.getDisplayName());
        try {
            BuildTotals totals = BuildTotals.ofEnded(directory, patienceNanos);
            if (totals == null) {
                return null;
            }
            json.put("succeeded", totals.succeeded());
            json.put("failed", totals.failed());
            json.put("cancelled", totals.cancelled());
            json.put("skipped", totals.skipped());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't count the branches of " + build);
        }
        return json;
    }

    /** Adds the chart to jobs if one of their last builds has runs. */
    @Extension
    @SuppressWarnings("rawtypes") // as the base class asks for it
    public static final class Factory extends TransientActionFactory<Job> {

        private static final int BUILDS_LOOKED_AT = 3;

        @Override
        public Class<Job> type() {
            return Job.class;
        }

        @Override
        public Class<? extends Action> actionType() {
            return JobTrend.class;
        }

        @Override
        public Collection<? extends Action> createFor(Job job) {
            Run<?, ?> build = job.getLastBuild();
            for (int i = 0; build != null && i < BUILDS_LOOKED_AT; i++) {
                if (BuildRuns.hasAny(BuildPage.directory(build))) {
                    return Set.of(new JobTrend(job));
                }
                build = build.getPreviousBuild();
            }
            return Set.of();
        }
    }
}
