package io.jenkins.plugins.concurrency.acceptance;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What becomes of inputs on their way from a script to what works on them, and back. */
public class PoolInputsTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Rule
    public final Builds builds = new Builds();

    @Test
    public void decimalsKeepTheirDigitsEverywhere() throws Exception {
        Builds.Build build = builds.run("""
                node {
                    def versions = [3.9, 3.10, 1e3, [v: 1.10]]
                    echo "commands ${cpuPool(inputs: versions, command: 'echo {}').values()}"
                    def worker = 'while read -r line; do printf \\'{"output":"%s"}\\\\n\\' "$(echo "$line" | tr -d \\'"\\\\\\\\\\')"; done'
                    echo "workers ${cpuPool(inputs: versions, worker: worker, workers: 1).values()}"
                    echo "functions ${cpuPool(inputs: versions, groovy: '[input, "$input", 2.50]').values()}"
                    echo "gather ${gather(a: { 3.10 }, b: { [1.0, 1.00] }).values()}"
                }
                """);
        build.assertEnded(0, "SUCCESS")
                .assertSaid("commands [3.9, 3.10, 1E+3, {\"v\":1.10}]")
                .assertSaid("functions [[3.9, 3.9, 2.50], [3.10, 3.10, 2.50], [1E+3, 1E+3, 2.50], [[v:1.10], [v:1.10], 2.50]]")
                .assertSaid("gather [3.10, [1.0, 1.00]]");
        build.line("workers .*arguments:\\[3\\.9\\].*arguments:\\[3\\.10\\].*arguments:\\[1E\\+3\\].*v:1\\.10.*");
    }
}
