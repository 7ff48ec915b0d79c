package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Something attached to a build, a job or a step of a build; in Jenkins it may have a page. */
public interface Action extends ModelObject {

    /** Null for an action without a link. */
    @CheckForNull
    String getIconFileName();

    @Override
    @CheckForNull
    String getDisplayName();

    @CheckForNull
    String getUrlName();
}
