package hudson;

/** A type whose implementations are found by their {@link Extension} annotation. */
public interface ExtensionPoint {}
