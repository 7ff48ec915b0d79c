package io.jenkins.plugins.concurrency.embedded.page;

import hudson.PluginManager;
import hudson.PluginWrapper;
import java.io.File;
import java.net.MalformedURLException;

/** Static files of this plugin and of the libraries of its pages, as Jenkins' plugins have them: a folder each. */
public final class StaticFiles extends PluginManager {

    /** The system property that names the folder of the folders. */
    public static final String FOLDER = "embedded.webapps";

    private final File root = new File(System.getProperty(FOLDER, "webapps")).getAbsoluteFile();

    @Override
    public PluginWrapper getPlugin(String shortName) {
        File folder = new File(root, shortName);
        try {
            return folder.isDirectory() ? new PluginWrapper(shortName, folder.toURI().toURL()) : null;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
