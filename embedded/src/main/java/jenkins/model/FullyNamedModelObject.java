package jenkins.model;

import hudson.model.ModelObject;

/** Something whose name for people tells where it is. */
public interface FullyNamedModelObject extends ModelObject {
    String getFullDisplayName();
}
