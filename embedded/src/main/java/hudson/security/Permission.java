package hudson.security;

/** A right that someone may have; here everybody has every right. */
public final class Permission {

    private final String name;

    private Permission(String name) {
        this.name = name;
    }

    /** A right by its name; for the embedded runtime only. */
    public static Permission embedded(String name) {
        return new Permission(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
