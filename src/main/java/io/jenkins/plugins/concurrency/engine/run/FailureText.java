package io.jenkins.plugins.concurrency.engine.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;

/** Why something failed, in one line for users. */
public final class FailureText {

    private FailureText() {}

    /** Only a defect of this plugin is shown with the name of its exception, not an error of a machine or a disk. */
    public static String of(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof FileSystemException named && named.getReason() == null) {
            return of(named);
        }
        boolean expected = cause instanceof IOException || cause instanceof UncheckedIOException;
        String text = expected && cause.getMessage() != null ? cause.getMessage() : cause.toString();
        return text.replace('\n', ' ');
    }

    /** The message of these exceptions is only a file's name. */
    private static String of(FileSystemException cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no file " + cause.getFile();
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied: " + cause.getFile();
        }
        if (cause instanceof FileAlreadyExistsException) {
            return "can't make a directory: there is a file " + cause.getFile();
        }
        return cause.getClass().getSimpleName() + ": " + cause.getFile();
    }
}
