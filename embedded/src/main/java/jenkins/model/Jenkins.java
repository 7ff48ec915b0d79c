package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.Launcher;
import hudson.PluginManager;
import hudson.ProxyConfiguration;
import hudson.init.InitMilestone;
import hudson.model.Computer;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.security.Permission;
import io.jenkins.plugins.concurrency.embedded.page.StaticFiles;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.security.core.Authentication;

/**
 * The controller, and at the same time its built-in node. The embedded runtime has one for each process, with a home
 * directory, jobs that are known by name, and this machine as the only node. Thread safe.
 */
public class Jenkins extends Node implements ItemGroup<Item> {

    public static final Permission ADMINISTER = Permission.embedded("Overall/Administer");

    public static final Authentication ANONYMOUS2 = Authentication.embedded("anonymous");

    private static volatile Jenkins instance;

    private final File root;
    private final PluginManager plugins = new StaticFiles();
    private final Map<String, Item> items = new ConcurrentHashMap<>();
    private final Computer computer = new BuiltInComputer(this);

    private Jenkins(File root) {
        this.root = root;
    }

    /** Makes the controller of this process; for the embedded runtime only. */
    public static synchronized Jenkins startEmbedded(File home) {
        instance = new Jenkins(home.getAbsoluteFile());
        return instance;
    }

    public static Jenkins get() throws IllegalStateException {
        Jenkins jenkins = instance;
        if (jenkins == null) {
            throw new IllegalStateException("The embedded runtime has not been started");
        }
        return jenkins;
    }

    public static @CheckForNull Jenkins getInstanceOrNull() {
        return instance;
    }

    @Override
    public File getRootDir() {
        return root;
    }

    public PluginManager getPluginManager() {
        return plugins;
    }

    public @CheckForNull Computer getComputer(String name) {
        return name.isEmpty() || name.equals("(built-in)") ? computer : null;
    }

    public @CheckForNull Node getNode(String name) {
        return name.isEmpty() ? this : null;
    }

    /** Makes a job known; for the embedded runtime only. */
    public void addEmbedded(Item item) {
        items.put(item.getFullName(), item);
    }

    public @CheckForNull <T extends Item> T getItemByFullName(String fullName, Class<T> type) {
        Item item = items.get(fullName);
        return type.isInstance(item) ? type.cast(item) : null;
    }

    public @CheckForNull Descriptor getDescriptor(Class<? extends Describable> type) {
        return ExtensionList.lookup(Descriptor.class).stream()
                .filter(descriptor -> descriptor.clazz == type)
                .findFirst()
                .orElse(null);
    }

    public Descriptor getDescriptorOrDie(Class<? extends Describable> type) {
        Descriptor descriptor = getDescriptor(type);
        if (descriptor == null) {
            throw new AssertionError(type + " has no descriptor");
        }
        return descriptor;
    }

    public InitMilestone getInitLevel() {
        return InitMilestone.COMPLETED;
    }

    /** The network is reached directly here. */
    public @CheckForNull ProxyConfiguration getProxy() {
        return null;
    }

    public boolean isTerminating() {
        return false;
    }

    public boolean isQuietingDown() {
        return false;
    }

    @Override
    public String getNodeName() {
        return "";
    }

    @Override
    public String getDisplayName() {
        return "Jenkins";
    }

    @Override
    public String getFullName() {
        return "";
    }

    @Override
    public String getFullDisplayName() {
        return "";
    }

    @Override
    public String getLabelString() {
        return "";
    }

    @Override
    public FilePath getRootPath() {
        return new FilePath(root);
    }

    @Override
    public FilePath createPath(String absolutePath) {
        return new FilePath(FilePath.localChannel, absolutePath);
    }

    @Override
    public Launcher createLauncher(TaskListener listener) {
        return new Launcher.LocalLauncher(listener);
    }

    @Override
    public void save() throws IOException {}

    private static final class BuiltInComputer extends Computer {
        private final Node node;

        BuiltInComputer(Node node) {
            super(node);
            this.node = node;
        }

        @Override
        public String getName() {
            return "";
        }

        @Override
        public String getDisplayName() {
            return "Built-In Node";
        }

        @Override
        public Node getNode() {
            return node;
        }

        @Override
        public VirtualChannel getChannel() {
            return FilePath.localChannel;
        }

   }
}
