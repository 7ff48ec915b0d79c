package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import jenkins.MasterToSlaveFileCallable;

/** Appends to a file, made where it is missing, in UTF-8. */
final class AppendText extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    private final String text;

    AppendText(@NonNull String text) {
        this.text = text;
    }

    @Override
    public Void invoke(File file, VirtualChannel channel) throws IOException {
        Files.createDirectories(file.toPath().getParent());
        Files.writeString(file.toPath(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return null;
    }
}
