package hudson.model.listeners;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;

/** Hears of builds. */
public abstract class RunListener<R extends Run> implements ExtensionPoint {

    protected RunListener() {}

    /** All records of the build have been written. */
    public void onFinalized(R r) {}

    /** Tells all listeners. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    public static void fireFinalized(Run r) {
        for (RunListener listener : ExtensionList.lookup(RunListener.class)) {
            listener.onFinalized(r);
        }
    }
}
