package io.jenkins.plugins.concurrency.bench.peer;

import io.jenkins.plugins.concurrency.bench.process.Scratch;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The peers' scripts, which are resources. */
final class Scripts {

    private Scripts() {}

    /** Puts a script into a file. */
    static Path extract(String name, Scratch scratch) throws IOException {
        try (InputStream in = Scripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is no resource of the bench");
            }
            Path script = scratch.file(name);
            Files.copy(in, script);
            return script;
        }
    }
}
