package org.jenkinsci.remoting;

/** One end of a channel, as far as permission to run code is concerned. */
public final class Role {
    private final String name;

    public Role(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return "Role[" + name + "]";
    }
}
