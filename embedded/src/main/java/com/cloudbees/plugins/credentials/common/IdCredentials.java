package com.cloudbees.plugins.credentials.common;

import com.cloudbees.plugins.credentials.Credentials;

/** Credentials that scripts name by an id. */
public interface IdCredentials extends Credentials {
    String getId();
}
