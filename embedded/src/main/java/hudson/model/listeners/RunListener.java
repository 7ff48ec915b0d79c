package hudson.model.listeners;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import hudson.model.TaskListener;

/** Hears of builds. */
public abstract class RunListener<R extends Run> implements ExtensionPoint {

    protected RunListener() {}

    /** The build has ended. */
    public void onCompleted(R r, TaskListener listener) {}

    /** The build's records are gone; does not happen here. */
    public void onDeleted(R r) {}

    /** All records of the build have been written. */
    public void onFinalized(R r) {}

    /** Tells all listeners. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    public static void fireCompleted(Run r, TaskListener listener) {
        for (RunListener each : ExtensionList.lookup(RunListener.class)) {
            each.onCompleted(r, listener);
        }
    }

    /** Tells all listeners. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    public static void fireFinalized(Run r) {
        for (RunListener listener : ExtensionList.lookup(RunListener.class)) {
            listener.onFinalized(r);
        }
    }
}
