package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.queue.QueueTaskDispatcher;
import hudson.model.queue.SubTask;
import hudson.model.queue.WorkUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import jenkins.model.FullyNamedModelObject;
import jenkins.model.Jenkins;

/**
 * What waits for an executor. This machine has as many as are asked for, so a task waits only while a dispatcher keeps it
 * from the node. Thread safe.
 */
public class Queue {

    private static final Queue INSTANCE = new Queue();

    /** Guarded by this. */
    private final List<BuildableItem> waiting = new ArrayList<>();

    private Queue() {}

    /** Something that wants an executor. */
    public interface Task extends FullyNamedModelObject, SubTask {}

    /** What runs on an executor. */
    public interface Executable {}

    /** A task in the queue. */
    public abstract static class Item extends Actionable {

        public final Task task;

        protected Item(Task task) {
            this.task = task;
        }

        @Override
        public String getDisplayName() {
            return task.getDisplayName();
        }
    }

    /** One that could begin. */
    public static final class BuildableItem extends Item {

        private final Consumer<Executor> begin;

        private BuildableItem(Task task, Consumer<Executor> begin) {
            super(task);
            this.begin = begin;
        }
    }

    /** One that is in the queue no more. */
    public static final class LeftItem extends Item {
        private LeftItem(Task task) {
            super(task);
        }
    }

    public static Queue getInstance() {
        return INSTANCE;
    }

    /**
     * Has a task begin as soon as nothing keeps it from the node; for the embedded runtime only.
     *
     * @param begin given the executor, on any thread
     */
    public void embeddedSchedule(Task task, Consumer<Executor> begin) {
        synchronized (this) {
            waiting.add(new BuildableItem(task, begin));
        }
        maintain();
    }

    /** Looks again at what waits. */
    public void maintain() {
        List<Runnable> begun = new ArrayList<>();
        synchronized (this) {
            for (BuildableItem item : List.copyOf(waiting)) {
                if (mayBegin(item)) {
                    waiting.remove(item);
                    Executor executor = Jenkins.get().toComputer().embeddedExecutor(new WorkUnit(item.task));
                    begun.add(() -> item.begin.accept(executor));
                }
            }
        }
        begun.forEach(Runnable::run);
    }

    private static boolean mayBegin(BuildableItem item) {
        return ExtensionList.lookup(QueueTaskDispatcher.class).stream()
                .allMatch(dispatcher -> dispatcher.canTake(Jenkins.get(), item) == null);
    }

    public synchronized @CheckForNull Item getItem(Task t) {
        return waiting.stream().filter(item -> item.task == t).findFirst().orElse(null);
    }

    public synchronized boolean cancel(Task p) {
        return waiting.removeIf(item -> item.task == p);
    }
}
