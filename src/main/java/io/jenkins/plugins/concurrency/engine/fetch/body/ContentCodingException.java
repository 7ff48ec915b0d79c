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

    /** The compressed data is damaged. */
    static ContentCodingException broken(String why) {
        return new ContentCodingException("a compressed body that is damaged: " + why, false);
    }

    /** The coding is unknown. */
    static ContentCodingException unknown(String coding) {
        return new ContentCodingException(
                "a body compressed with '" + coding
                        + "', which the request does not accept: set an Accept-Encoding header to get it as it is",
                true);
    }

    /** Whether the next attempt would end in the same way. */
    public boolean isPermanent() {
        return lasting;
    }
}
