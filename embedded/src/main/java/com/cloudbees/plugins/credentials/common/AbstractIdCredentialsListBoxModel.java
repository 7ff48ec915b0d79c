package com.cloudbees.plugins.credentials.common;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.util.ListBoxModel;
import java.util.List;
import org.springframework.security.core.Authentication;

/** Credentials to choose from; here there are none. */
public abstract class AbstractIdCredentialsListBoxModel<
                T extends AbstractIdCredentialsListBoxModel<T, C>, C extends IdCredentials>
        extends ListBoxModel {

    private static final long serialVersionUID = 1L;

    /** Offers to choose none. */
    public AbstractIdCredentialsListBoxModel<T, C> includeEmptyValue() {
        add("", "");
        return this;
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeMatchingAs(
            Authentication authentication,
            @CheckForNull Item context,
            Class<? extends C> type,
            List<DomainRequirement> domainRequirements,
            CredentialsMatcher matcher) {
        return this;
    }

    /** Keeps what was chosen before. */
    public AbstractIdCredentialsListBoxModel<T, C> includeCurrentValue(String value) {
        if (stream().noneMatch(option -> option.value.equals(value))) {
            add(value);
        }
        return this;
    }
}
