package com.cloudbees.plugins.credentials.domains;

import java.io.Serializable;

/** What credentials have to be good for. */
public class DomainRequirement implements Serializable {

    private static final long serialVersionUID = 1;
}
