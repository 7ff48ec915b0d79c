package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.NonNull;

/** A call on a thread that other calls will have after it: interrupted only while it has the thread. */
final class InterruptibleCall implements Runnable {

    private final Runnable call;

    // Guarded by this.
    private Thread thread;
    private boolean interrupted;

    InterruptibleCall(@NonNull Runnable call) {
        this.call = call;
    }

    @Override
    public void run() {
        begin();
        try {
            call.run();
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        thread = Thread.currentThread();
        if (interrupted) {
            thread.interrupt();
        }
    }

    private synchronized void end() {
        thread = null;
        Thread.interrupted(); // meant for this call
    }

    synchronized void interrupt() {
        interrupted = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
