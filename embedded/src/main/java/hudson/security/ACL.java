package hudson.security;

import org.springframework.security.core.Authentication;

/** Who may do what; here everybody may everything. */
public abstract class ACL {

    /** The build system itself. */
    public static final Authentication SYSTEM2 = new Authentication() {};
}
