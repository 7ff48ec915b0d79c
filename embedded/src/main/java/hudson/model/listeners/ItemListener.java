package hudson.model.listeners;

import hudson.ExtensionPoint;
import hudson.model.Item;

/** Hears of changes to jobs; here there are none. */
public class ItemListener implements ExtensionPoint {

    public void onLocationChanged(Item item, String oldFullName, String newFullName) {}
}
