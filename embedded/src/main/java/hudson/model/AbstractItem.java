package hudson.model;

import java.io.File;
import java.io.IOException;

/** Base class of items. */
public abstract class AbstractItem extends Actionable implements Item {

    private final ItemGroup<? extends Item> parent;
    private final String name;

    protected AbstractItem(ItemGroup parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getDisplayName() {
        return name;
    }

    @Override
    public final String getFullName() {
        String outer = parent.getFullName();
        return outer.isEmpty() ? name : outer + "/" + name;
    }

    @Override
    public final String getFullDisplayName() {
        String outer = parent.getFullDisplayName();
        return outer.isEmpty() ? getDisplayName() : outer + " » " + getDisplayName();
    }

    @Override
    public File getRootDir() {
        return new File(new File(parent.getRootDir(), "jobs"), name);
    }

    @Override
    public synchronized void save() throws IOException {}

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + getFullName() + "]";
    }
}
