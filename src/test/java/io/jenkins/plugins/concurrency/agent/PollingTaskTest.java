package io.jenkins.plugins.concurrency.agent;

import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.fixture.Await;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class PollingTaskTest {

    @Test
    public void anErrorIsNotItsEnd() throws Exception {
        CountDownLatch looks = new CountDownLatch(2);
        Runnable task = () -> {
            looks.countDown();
            throw new AssertionError("as a class that can't be loaded");
        };
        new PollingTask(task, () -> looks.getCount() > 0).start();
        assertTrue(looks.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
}
