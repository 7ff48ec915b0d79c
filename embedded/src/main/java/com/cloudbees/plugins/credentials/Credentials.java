package com.cloudbees.plugins.credentials;

import java.io.Serializable;

/** Something that proves who one is. */
public interface Credentials extends Serializable {}
