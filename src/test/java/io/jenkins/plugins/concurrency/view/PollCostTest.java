package io.jenkins.plugins.concurrency.view;

import static io.jenkins.plugins.concurrency.view.data.PlantedRun.about;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.command;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.succeeded;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.view.data.PlantedRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Locale;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.kohsuke.stapler.Dispatcher;

/**
 * What open pages cost the controller: the processor time of the web server's threads for the requests of 200 pages of a
 * running build of 10,000 branches, of which one more ends each second. Prints the number. Time of a processor, not of a
 * clock, so that others who work on the machine matter little.
 */
public class PollCostTest {

    private static final int PAGES = 200;
    private static final int ROUNDS = 30;
    private static final int WARM_UP = 5 * ROUNDS;
    private static final int BRANCHES = 10_000;

    /** Far above what is to be read, since a machine that does other work has slower processors. */
    private static final double MOST_PERCENT = 20;

    /** As text.js, page.js and table.js ask. */
    private static final String QUESTION =
            "concurrency/data?run=live&lane=0&lanes=64&width=1200&start=0&length=25&sort=outcome&order=asc";

    @Rule
    public final PipelineRule jenkins = new PipelineRule();

    private final String[] versions = new String[PAGES];
    private int fresh;
    private int ended;

    /** All pages ask once; each is one connection that stays open, as a browser's. */
    private void round(URL url) throws IOException {
        for (int page = 0; page < PAGES; page++) {
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            connection.setRequestProperty("Accept-Encoding", "gzip, deflate, br");
            if (versions[page] != null) {
                connection.setRequestProperty("If-None-Match", versions[page]);
            }
            int status = connection.getResponseCode();
            if (status == 200) {
                connection.getInputStream().readAllBytes();
                versions[page] = connection.getHeaderField("ETag");
                fresh++;
            } else {
                assertEquals(304, status);
            }
        }
    }

    /** Of the threads that answer requests, in milliseconds. */
    private static double serverMillis() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().matches("(qtp|Jetty|Handling|JTH|h2).*")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos / 1e6;
    }

    /** What all requests of so many rounds took, for pages that ask as often as pages do. */
    private static double percent(double millis) {
        return 100 * millis / ROUNDS / BuildPage.POLL_MILLIS;
    }

    @Test
    public void twoHundredOpenPagesCostLittleOfACore() throws Exception {
        Dispatcher.TRACE = false; // what tests have every request say of itself is no cost of a controller's
        WorkflowRun build = jenkins.start("sleep time: 1, unit: 'HOURS'");
        URL url = new URL(jenkins.getURL(), build.getUrl() + QUESTION);
        try (PlantedRun run = PlantedRun.begin(build.getRootDir().toPath(), "live", about("cpuPool", "live", BRANCHES * 2, 8))) {
            while (ended < BRANCHES) {
                end(run);
            }
            for (int i = 0; i < WARM_UP; i++) { // until the compiler has seen it
                end(run);
                round(url);
            }
            double before = serverMillis();
            assertTrue("the threads of the server are known", before > 100);
            for (int i = 0; i < ROUNDS; i++) {
                round(url);
            }
            double between = serverMillis();
            fresh = 0;
            for (int i = 0; i < ROUNDS; i++) {
                end(run);
                round(url);
            }
            double quiet = percent(between - before);
            double busy = percent(serverMillis() - between);
            System.out.printf(
                    Locale.ROOT,
                    "%d open pages take %.1f %% of a core without news; %.1f %% where %d %% of the answers are new%n",
                    PAGES, quiet, busy, 100 * fresh / (ROUNDS * PAGES));
            assertTrue("news got through", fresh > ROUNDS * PAGES / 5);
            assertTrue(busy + " % of a core", busy < MOST_PERCENT);
        } finally {
            build.doStop();
            jenkins.waitForCompletion(build);
        }
    }

    private void end(PlantedRun run) throws IOException {
        int worker = ended % 8 + 1;
        run.add(succeeded(ended, "branch-" + ended, ended / 8 * 1_000L, 900, command(worker, 0, "")));
        ended++;
    }
}
