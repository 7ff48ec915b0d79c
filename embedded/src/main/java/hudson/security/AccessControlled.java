package hudson.security;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Something that not everybody may see or change; here everybody may. */
public interface AccessControlled {

    /** In Jenkins, every implementation has its own. */
    default @NonNull ACL getACL() {
        return new ACL() {};
    }

    default void checkPermission(@NonNull Permission permission) {}

    default void checkAnyPermission(@NonNull Permission... permissions) {}

    default boolean hasPermission(@NonNull Permission permission) {
        return true;
    }
}
