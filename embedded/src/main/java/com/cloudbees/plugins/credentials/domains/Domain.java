package com.cloudbees.plugins.credentials.domains;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.util.List;

/** What credentials are good for; here, everything. */
public class Domain implements Serializable {

    private static final long serialVersionUID = 1L;

    private Domain() {}

    @NonNull
    public List<DomainSpecification> getSpecifications() {
        return List.of();
    }
}
