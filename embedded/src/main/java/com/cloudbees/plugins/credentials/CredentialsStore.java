package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.domains.Domain;
import java.util.List;

/** A place with credentials; here there is none. */
public abstract class CredentialsStore {

    private CredentialsStore() {}

    public List<Domain> getDomains() {
        return List.of();
    }

    public abstract List<Credentials> getCredentials(Domain domain);
}
