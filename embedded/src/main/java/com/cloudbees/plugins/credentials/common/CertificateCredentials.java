package com.cloudbees.plugins.credentials.common;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.KeyStore;

/** A certificate with its key, and the password of both. */
public interface CertificateCredentials extends PasswordCredentials {
    @NonNull
    KeyStore getKeyStore();
}
