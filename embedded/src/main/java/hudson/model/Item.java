package hudson.model;

import jenkins.model.FullyNamed;
import jenkins.model.FullyNamedModelObject;

/** A job or what else Jenkins lists. */
public interface Item extends PersistenceRoot, FullyNamedModelObject, FullyNamed {

    ItemGroup<? extends Item> getParent();

    String getName();

    @Override
    String getFullName();

    @Override
    String getDisplayName();

    /** Relative to the root of Jenkins, with a slash at its end. */
    String getUrl();
}
