package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;

/** Threads for calls that wait: virtual ones where the JVM has them. */
final class FunctionThreads {

    private FunctionThreads() {}

    /** Whether threads that were opened here are virtual ones. */
    static boolean areVirtual(@NonNull ExecutorService threads) {
        return !(threads instanceof ThreadPoolExecutor);
    }

    /** One thread for each call under way. */
    @NonNull
    static ExecutorService open() {
        try {
            // Since Java 21; this is compiled for 17.
            return (ExecutorService) Executors.class
                    .getMethod("newVirtualThreadPerTaskExecutor")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "function");
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
