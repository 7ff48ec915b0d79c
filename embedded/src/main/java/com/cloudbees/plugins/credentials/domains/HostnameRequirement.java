package com.cloudbees.plugins.credentials.domains;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Credentials have to be good for a host. */
public class HostnameRequirement extends DomainRequirement {

    private static final long serialVersionUID = 1L;

    public HostnameRequirement(@CheckForNull String hostname) {}
}
