package jenkins;

/** A boolean that may be undecided. */
public enum YesNoMaybe {
    YES,
    NO,
    MAYBE
}
