package com.cloudbees.plugins.credentials.domains;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Credentials have to be good for a path. */
public class PathRequirement extends DomainRequirement {

    private static final long serialVersionUID = 1L;

    public PathRequirement(@CheckForNull String path) {}
}
