package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.AbstractModelObject;

/** The installed plugins: here only the static files of some. */
public abstract class PluginManager extends AbstractModelObject {

    public abstract @CheckForNull PluginWrapper getPlugin(String shortName);

    @Override
    public String getDisplayName() {
        return "Plugins";
    }
}
