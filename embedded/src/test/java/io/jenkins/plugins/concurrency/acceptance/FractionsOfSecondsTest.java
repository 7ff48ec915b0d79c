package io.jenkins.plugins.concurrency.acceptance;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Times need not be whole seconds. */
public class FractionsOfSecondsTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Rule
    public final Builds builds = new Builds();

    @Test
    public void limitsAndPausesOfAllSteps() throws Exception {
        builds.run("""
                node {
                    def pool = cpuPool tasks: ['sleep 1000'], timeout: 0.75, retries: 1, retryDelay: '0.01', onFailure: 'ignore'
                    echo "pool ${pool[0].error.message} ${pool[0].attempts}"
                    def spaced = ioPool tasks: ['a', 'b', 'c'].collect { 'echo ' + it }, delay: 0.4
                    echo "spaced ${spaced[2].startMillis - spaced[0].startMillis >= 700}"
                    def fetched = parallelFetch urls: [], timeout: 2.5, connectTimeout: 0.5, idleTimeout: 0.2
                    echo "fetched ${fetched.size()}"
                }
                def lane = gather a: { sleep 1000 }, timeout: 0.5, onFailure: 'ignore'
                echo "gather ${lane[0].error.message}"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("pool no end within 750 ms 2")
                .assertSaid("spaced true")
                .assertSaid("fetched 0")
                .assertSaid("gather did not end within 500 ms");
    }
}
