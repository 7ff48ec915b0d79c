package jenkins.model;

/** Something with a name that is unique in this Jenkins. */
public interface FullyNamed {
    String getFullName();
}
