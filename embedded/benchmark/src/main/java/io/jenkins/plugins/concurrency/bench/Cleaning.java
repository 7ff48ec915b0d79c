package io.jenkins.plugins.concurrency.bench;

import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import java.util.concurrent.TimeUnit;

/** What the process does at last, also after Ctrl-C: nothing that the bench has started or written stays. */
final class Cleaning implements Runnable {

    private static final long WORK_SECONDS = 20;

    private final Thread work;
    private final Children children;
    private final Scratch scratch;
    private volatile boolean done;

    /** @param work the thread that measures */
    Cleaning(Thread work, Children children, Scratch scratch) {
        this.work = work;
        this.children = children;
        this.scratch = scratch;
    }

    Children children() {
        return children;
    }

    Scratch scratch() {
        return scratch;
    }

    /** The thread that measures does no more than ending the process. */
    void workIsDone() {
        done = true;
    }

    @Override
    public void run() {
        children.stop();
        if (!done) {
            work.interrupt();
            try {
                // it would go on to write files while they are being deleted
                work.join(TimeUnit.SECONDS.toMillis(WORK_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        scratch.delete();
    }
}
