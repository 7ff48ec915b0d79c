package hudson.model;

/** A request that the user can mend; a page shows the message. */
public class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Failure(String message) {
        super(message);
    }
}
