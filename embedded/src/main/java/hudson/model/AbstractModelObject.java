package hudson.model;

/** Base class of what has a name for people. */
public abstract class AbstractModelObject implements ModelObject {}
