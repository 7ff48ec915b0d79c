package org.jenkinsci.remoting;

/** Code that says at which end of a channel it may run. */
public interface RoleSensitive {
    void checkRoles(RoleChecker checker) throws SecurityException;
}
