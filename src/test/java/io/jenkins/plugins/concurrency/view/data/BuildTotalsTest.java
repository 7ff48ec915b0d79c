package io.jenkins.plugins.concurrency.view.data;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class BuildTotalsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void nobodyWaitsLongerThanTheyWantForACountOfAnotherBuild() throws Exception {
        Path build = folder.getRoot().toPath();
        folder.newFolder("concurrency");
        BuildTotals.COUNTING.lock();
        try {
            assertNull(ofEnded(build).join());
        } finally {
            BuildTotals.COUNTING.unlock();
        }
        assertNotNull("counted and kept", ofEnded(build).join());
        BuildTotals.COUNTING.lock();
        try {
            assertEquals("known totals take no count", new BuildTotals(0, 0, 0, 0), ofEnded(build).join());
        } finally {
            BuildTotals.COUNTING.unlock();
        }
    }

    /** In another thread, which does not hold the lock. */
    private static CompletableFuture<BuildTotals> ofEnded(Path build) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return BuildTotals.ofEnded(build, 0);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }
}
