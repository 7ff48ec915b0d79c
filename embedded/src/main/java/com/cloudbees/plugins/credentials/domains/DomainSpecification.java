package com.cloudbees.plugins.credentials.domains;

/** A part of what credentials are good for; here there is none. */
public abstract class DomainSpecification {

    DomainSpecification() {}
}
