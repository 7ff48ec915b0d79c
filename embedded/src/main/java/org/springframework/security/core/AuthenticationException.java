package org.springframework.security.core;

/** Who somebody is can't be told. */
public abstract class AuthenticationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    protected AuthenticationException(String msg) {
        super(msg);
    }
}
