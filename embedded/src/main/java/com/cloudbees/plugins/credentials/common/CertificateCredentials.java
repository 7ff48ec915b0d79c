package com.cloudbees.plugins.credentials.common;

import java.security.KeyStore;

/** A certificate with its key, and the password of both. */
public interface CertificateCredentials extends PasswordCredentials {
    KeyStore getKeyStore();
}
