package hudson.security;

import org.springframework.security.core.Authentication;

/** Who may do what; here everybody may do everything. */
public abstract class ACL {

    /** The program itself, which all work is done as here. */
    public static final Authentication SYSTEM2 = Authentication.embedded("SYSTEM");
}
