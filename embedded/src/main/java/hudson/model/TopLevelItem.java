package hudson.model;

/** What may have a workspace on nodes. */
public interface TopLevelItem extends Item {}
