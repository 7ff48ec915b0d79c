package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.IOException;

/** A body can't be unpacked. The message follows on "sent". */
final class CodingException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    private CodingException(String message, boolean lasting) {
        super(message);
        this.lasting = lasting;
    }

    /** It was broken on its way, or before. */
    static CodingException broken(String why) {
        return new CodingException("a packed body that is broken: " + why, false);
    }

    /** It is packed in a way that we don't know. */
    static CodingException unknown(String coding) {
        return new CodingException(
                "a body packed with '" + coding
                        + "', which it was not asked for: give an Accept-Encoding header of your own to get it as it is",
                true);
    }

    /** Whether the next attempt would end in the same way. */
    boolean isLasting() {
        return lasting;
    }
}
