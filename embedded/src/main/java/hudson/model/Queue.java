package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.queue.ScheduleResult;
import hudson.model.queue.SubTask;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Set;
import jenkins.model.FullyNamedModelObject;
import jenkins.model.Jenkins;
import jenkins.model.queue.AsynchronousExecution;

/** What waits for an executor. This machine has one, which whoever has waited longest gets. Thread safe. */
public class Queue {

    private static final Queue INSTANCE = new Queue();

    private final Deque<Task> waiting = new ArrayDeque<>();
    private boolean busy;

    private Queue() {}

    /** Something that wants an executor. */
    public interface Task extends FullyNamedModelObject, SubTask {

        String getName();

        default void checkAbortPermission() {}

        default boolean hasAbortPermission() {
            return true;
        }

        @Override
        String getUrl();

        default boolean isConcurrentBuild() {
            return false;
        }

        default Collection<? extends SubTask> getSubTasks() {
            return Set.of(this);
        }
    }

    /** One that is not kept over a restart. */
    public interface TransientTask extends Task {}

    /** What runs on an executor. */
    public interface Executable extends Runnable {

        @NonNull
        SubTask getParent();

        default @CheckForNull Executable getParentExecutable() {
            return null;
        }

        @Override
        void run() throws AsynchronousExecution;

        default long getEstimatedDuration() {
            return -1;
        }

        @Override
        String toString();
    }

    /** A task in the queue. */
    public abstract static class Item extends Actionable {

        @NonNull
        public final Task task;

        protected Item(@NonNull Task task) {
            this.task = task;
        }

        public final String getWhy() {
            return "Waiting for next available executor";
        }

        @Override
        public String getDisplayName() {
            return task.getDisplayName();
        }
    }

    /** One that could begin. */
    public static final class BuildableItem extends Item {
        private BuildableItem(Task task) {
            super(task);
        }
    }

    /** One that is in the queue no more. */
    public static final class LeftItem extends Item {
        private LeftItem(Task task) {
            super(task);
        }

        public boolean isCancelled() {
            return false;
        }
    }

    public static Queue getInstance() {
        return INSTANCE;
    }

    public @NonNull ScheduleResult schedule2(Task p, int quietPeriod, Action... actions) {
        synchronized (this) {
            waiting.add(p);
        }
        next();
        return ScheduleResult.embedded();
    }

    public synchronized @CheckForNull Item getItem(Task t) {
        return waiting.contains(t) ? new BuildableItem(t) : null;
    }

    public synchronized boolean cancel(Task p) {
        return waiting.remove(p);
    }

    /** The executor is free again; for the embedded runtime only. */
    void executorIsFree() {
        synchronized (this) {
            busy = false;
        }
        next();
    }

    private void next() {
        Task task;
        synchronized (this) {
            task = busy ? null : waiting.poll();
            busy = busy || task != null;
        }
        if (task != null) {
            new Executor(Jenkins.get().toComputer(), task).start();
        }
    }
}
