package hudson.model;

import hudson.security.AccessControlled;
import hudson.security.Permission;
import jenkins.model.FullyNamed;
import jenkins.model.FullyNamedModelObject;

/** A job or what else Jenkins lists. */
public interface Item extends PersistenceRoot, FullyNamedModelObject, FullyNamed, AccessControlled {

    /** To see the item. */
    Permission READ = Permission.embedded("Item/Read");

    /** To stop a build. */
    Permission CANCEL = Permission.embedded("Item/Cancel");

    /** To see its configuration. */
    Permission EXTENDED_READ = Permission.embedded("Item/ExtendedRead");

    String getName();

    @Override
    String getFullName();

    @Override
    String getDisplayName();
}
