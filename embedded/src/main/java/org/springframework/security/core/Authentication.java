package org.springframework.security.core;

/** Who does something. */
public interface Authentication {}
