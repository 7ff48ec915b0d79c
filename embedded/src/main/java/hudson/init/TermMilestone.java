package hudson.init;

/** How far the shutdown has come. */
public enum TermMilestone {
    STARTED,
    COMPLETED
}
