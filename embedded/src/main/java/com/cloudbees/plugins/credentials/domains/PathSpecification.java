package com.cloudbees.plugins.credentials.domains;

/** Credentials are good for some paths only; here none are. */
public class PathSpecification extends DomainSpecification {

    private PathSpecification() {}
}
