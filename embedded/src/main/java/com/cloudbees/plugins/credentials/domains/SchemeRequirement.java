package com.cloudbees.plugins.credentials.domains;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Credentials have to be good for a scheme. */
public class SchemeRequirement extends DomainRequirement {

    private static final long serialVersionUID = 1L;

    public SchemeRequirement(@CheckForNull String scheme) {}
}
