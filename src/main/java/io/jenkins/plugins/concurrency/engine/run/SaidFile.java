package io.jenkins.plugins.concurrency.engine.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Appends lines for people to a file of the run directory, for somebody else to show. Thread-safe as far as its caller is. */
final class SaidFile implements Consumer<String> {

    private static final Logger LOGGER = Logger.getLogger(SaidFile.class.getName());

    private final Path file;

    SaidFile(Path file) {
        this.file = file;
    }

    /** Opened for each line: most runs have none, and none has many. */
    @Override
    public void accept(String line) {
        try {
            Files.write(
                    file,
                    (line + '\n').getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't say: " + line); // the run itself has no need of it
        }
    }
}
