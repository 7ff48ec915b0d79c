package org.jenkinsci.plugins.structs.describable;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.Map;

/** What an object was made of, for the snippet generator; nobody generates snippets here. */
public class UninstantiatedDescribable implements Serializable {

    private static final long serialVersionUID = 1;

    private final String symbol;

    public UninstantiatedDescribable(String symbol, String klass, Map<String, ?> arguments) {
        this.symbol = symbol;
    }

    public @CheckForNull String getSymbol() {
        return symbol;
    }
}
