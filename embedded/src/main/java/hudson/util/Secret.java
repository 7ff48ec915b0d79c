package hudson.util;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;

/** A text that is encrypted where it is stored; here nothing stores it. */
public final class Secret implements Serializable {

    private static final long serialVersionUID = 1;

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static String toString(@CheckForNull Secret secret) {
        return secret == null ? null : secret.value;
    }
}
