package io.jenkins.plugins.concurrency.engine.process;

import static org.junit.Assume.assumeTrue;

import java.io.IOException;

/** What a test needs beyond what every POSIX system has; without it the test is skipped, and says why. */
public final class InstalledPrograms {

    private InstalledPrograms() {}

    /** @param programs which know {@code --version}, as others of these names do not */
    public static void assume(String... programs) throws IOException, InterruptedException {
        for (String program : programs) {
            Process look = new ProcessBuilder("/bin/sh", "-c", "\"$0\" --version", program)
                    .redirectErrorStream(true)
                    .start();
            look.getInputStream().readAllBytes();
            assumeTrue(program + " is not installed", look.waitFor() == 0);
        }
    }
}
