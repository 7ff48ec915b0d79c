package hudson.slaves;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Computer;
import hudson.model.TaskListener;
import java.io.IOException;

/** Hears of agents that come and go; here there is one, which is online before the first build. */
public abstract class ComputerListener implements ExtensionPoint {

    public void onOnline(Computer c, TaskListener listener) throws IOException, InterruptedException {}

    public static ExtensionList<ComputerListener> all() {
        return ExtensionList.lookup(ComputerListener.class);
    }
}
