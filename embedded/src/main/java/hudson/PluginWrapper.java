package hudson;

import hudson.model.ModelObject;
import java.net.URL;

/** An installed plugin. */
public class PluginWrapper implements ModelObject {

    /** Where its static files are. */
    public final URL baseResourceURL;

    private final String shortName;

    /** For the embedded runtime only. */
    public PluginWrapper(String shortName, URL baseResourceURL) {
        this.shortName = shortName;
        this.baseResourceURL = baseResourceURL;
    }

    @Override
    public String getDisplayName() {
        return shortName;
    }
}
