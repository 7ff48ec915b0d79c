package hudson.slaves;

/** What starts nodes; here there is none. */
public abstract class Cloud {

    private Cloud() {}
}
