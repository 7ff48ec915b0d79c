package io.jenkins.plugins.concurrency.embedded;

import io.jenkins.plugins.concurrency.embedded.process.ProcessTrees;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.CauseOfInterruption;
import sun.misc.Signal;

/** Ctrl-C and its like: the first stops the build, the second the process and all that the build started. */
final class Interruptions {

    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private final EmbeddedRun run;
    private final int exitStatus;
    private final AtomicInteger count = new AtomicInteger();

    private Interruptions(EmbeddedRun run, int exitStatus) {
        this.run = run;
        this.exitStatus = exitStatus;
    }

    /** @param exitStatus of this process if it is stopped the hard way */
    static void handle(EmbeddedRun run, int exitStatus) {
        Interruptions interruptions = new Interruptions(run, exitStatus);
        for (String name : SIGNALS) {
            try {
                Signal.handle(new Signal(name), signal -> interruptions.received());
            } catch (IllegalArgumentException e) {
                // This system does not have it, or the virtual machine keeps it to itself.
            }
        }
    }

    private void received() {
        if (count.incrementAndGet() == 1) {
            run.interrupt(new CauseOfInterruption.UserInterruption(System.getProperty("user.name")));
        } else {
            ProcessTrees.destroyDescendants();
            run.cookies().forEach(cookie -> ProcessTrees.destroyAllWith(Map.of("JENKINS_NODE_COOKIE", cookie)));
            Runtime.getRuntime().halt(exitStatus);
        }
    }
}
