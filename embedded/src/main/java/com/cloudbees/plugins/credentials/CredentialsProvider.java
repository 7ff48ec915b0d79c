package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.ModelObject;
import hudson.model.Run;
import hudson.security.Permission;
import java.util.List;

/** Finds credentials; here there are none. */
public abstract class CredentialsProvider {

    /** To use credentials that an item has. */
    public static final Permission USE_ITEM = Permission.embedded("Credentials/UseItem");

    private CredentialsProvider() {}

    @CheckForNull
    public static <C extends IdCredentials> C findCredentialById(
            String id, Class<C> type, Run<?, ?> run, @CheckForNull List<DomainRequirement> domainRequirements) {
        return null;
    }

    public static Iterable<CredentialsStore> lookupStores(ModelObject context) {
        return List.of();
    }

    @CheckForNull
    public static <C extends Credentials> C track(Run build, @CheckForNull C credentials) {
        return credentials;
    }
}
