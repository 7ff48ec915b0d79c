package org.springframework.security.core;

/** Whom a thread works for. */
public interface Authentication {

    String getName();

    /** Somebody by name; for the embedded runtime only. */
    static Authentication embedded(String name) {
        return () -> name;
    }
}
