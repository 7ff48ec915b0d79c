package com.cloudbees.plugins.credentials;

import java.io.Serializable;

/** Tells some credentials from others. */
public interface CredentialsMatcher extends Serializable {

    boolean matches(Credentials item);
}
