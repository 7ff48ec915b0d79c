package org.jenkinsci.plugins.structs.describable;

import java.io.Serializable;

/** What an object was made of, for the snippet generator; nobody generates snippets here. */
public class UninstantiatedDescribable implements Serializable {

    private static final long serialVersionUID = 1;
}
