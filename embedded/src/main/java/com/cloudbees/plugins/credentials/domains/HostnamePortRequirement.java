package com.cloudbees.plugins.credentials.domains;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Credentials have to be good for a port of a host. */
public class HostnamePortRequirement extends DomainRequirement {

    private static final long serialVersionUID = 1L;

    public HostnamePortRequirement(@CheckForNull String hostname, int port) {}
}
