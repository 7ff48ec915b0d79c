package com.cloudbees.plugins.credentials.domains;

import java.io.Serializable;
import java.util.List;

/** What credentials are good for; here, everything. */
public class Domain implements Serializable {

    private static final long serialVersionUID = 1L;

    private Domain() {}

    public List<DomainSpecification> getSpecifications() {
        return List.of();
    }
}
