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

/** Counts the branches of a build after its end, on a thread of its own. So the job's page need not count them. */
@Extension
public final class TotalsKeeper extends RunListener<Run<?, ?>> {

    private static final Logger LOGGER = Logger.getLogger(TotalsKeeper.class.getName());

    /** Reading the journals of a large build takes seconds: too long for Jenkins' shared timer. */
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
            // the job's page reports the problem if the build still exists
            LOGGER.log(Level.FINE, e, () -> "can't count the branches in " + directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
