package io.jenkins.plugins.concurrency.view;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.concurrency.view.data.BuildRuns;
import io.jenkins.plugins.concurrency.view.data.BuildTotals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Counts the branches of a build when it has ended, on its own thread, so that the job's page does not have to. */
@Extension
public final class TotalsKeeper extends RunListener<Run<?, ?>> {

    private static final Logger LOGGER = Logger.getLogger(TotalsKeeper.class.getName());

    /** Journals of large builds take seconds, for which Jenkins' shared timer is no place. */
    private static final ThreadPoolExecutor COUNTER =
            new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                Thread thread = new Thread(work, "concurrency totals");
                thread.setDaemon(true);
                return thread;
            });

    static {
        COUNTER.allowCoreThreadTimeOut(true);
    }

    @Override
    public void onFinalized(Run<?, ?> build) {
        Path directory = BuildPage.directory(build);
        if (BuildRuns.hasAny(directory)) {
            COUNTER.execute(() -> count(directory));
        }
    }

    private static void count(Path directory) {
        try {
            BuildTotals.ofEnded(directory, Long.MAX_VALUE);
        } catch (IOException e) {
            // the job's page will say it again if the build is still there
            LOGGER.log(Level.FINE, e, () -> "can't count the branches in " + directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
