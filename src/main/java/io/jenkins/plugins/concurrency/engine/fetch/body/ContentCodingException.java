package io.jenkins.plugins.concurrency.engine.fetch.body;

import java.io.IOException;

/** A body can't be decompressed. The message is used after the word "sent". */
public final class ContentCodingException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    private ContentCodingException(String message, boolean lasting) {
        super(message);
        this.lasting = lasting;
    }

    /** It was broken on its way, or before. */
    static ContentCodingException broken(String why) {
        return new ContentCodingException("a packed body that is broken: " + why, false);
    }

    /** It is packed in a way that we don't know. */
    static ContentCodingException unknown(String coding) {
        return new ContentCodingException(
                "a body packed with '" + coding
                        + "', which it was not asked for: give an Accept-Encoding header of your own to get it as it is",
                true);
    }

    /** Whether the next attempt would end in the same way. */
    public boolean isLasting() {
        return lasting;
    }
}
