package hudson.security;

/** Something that not everybody may see or change; here everybody may. */
public interface AccessControlled {

    default void checkPermission(Permission permission) {}

    default void checkAnyPermission(Permission... permissions) {}

    default boolean hasPermission(Permission permission) {
        return true;
    }
}
