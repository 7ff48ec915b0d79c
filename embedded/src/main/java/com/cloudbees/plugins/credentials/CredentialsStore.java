package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.domains.Domain;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/** A place with credentials; here there is none. */
public abstract class CredentialsStore {

    private CredentialsStore() {}

    @NonNull
    public List<Domain> getDomains() {
        return List.of();
    }

    @NonNull
    public abstract List<Credentials> getCredentials(@NonNull Domain domain);
}
