package io.jenkins.plugins.concurrency.engine.fetch.http;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** A file of this machine could not be read or written. Not an error of the network. */
public final class LocalFileException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param deed what failed, with the name of the file: {@code "can't write a/b.html"} */
    public LocalFileException(String deed, IOException cause) {
        super(deed + ": " + reason(cause), cause);
    }

    public LocalFileException(String message) {
        super(message);
    }

    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        boolean named = cause instanceof FileSystemException;
        String reason = named ? ((FileSystemException) cause).getReason() : cause.getMessage();
        return MessageText.line(reason == null ? cause.getClass().getSimpleName() : reason);
    }
}
