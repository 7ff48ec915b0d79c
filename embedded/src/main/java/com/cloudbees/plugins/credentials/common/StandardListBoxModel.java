package com.cloudbees.plugins.credentials.common;

/** Credentials that have a description to choose from. */
public class StandardListBoxModel extends AbstractIdCredentialsListBoxModel<StandardListBoxModel, StandardCredentials> {

    private static final long serialVersionUID = 1L;
}
