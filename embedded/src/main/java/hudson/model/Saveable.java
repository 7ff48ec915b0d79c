package hudson.model;

import java.io.IOException;

/** Something that can be kept on disk. */
public interface Saveable {

    Saveable NOOP = () -> {};

    void save() throws IOException;
}
