package io.jenkins.plugins.concurrency.bench.server;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** The files that servers have to offer, made on first use. Each is named by its size in bytes. */
public final class ServedFiles {

    private static final int LINE = 1024;

    private final Path root;

    public ServedFiles(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** Makes sure that there is a file of that many bytes of text; returns its name. */
    public String ofSize(long bytes) throws IOException {
        Path file = root.resolve(Long.toString(bytes));
        if (Files.exists(file)) {
            return file.getFileName().toString();
        }
        Random random = new Random(bytes);
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < LINE; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        byte[] line = text.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (long left = bytes; left > 0; left -= line.length) {
                out.write(line, 0, (int) Math.min(left, line.length));
            }
        }
        return file.getFileName().toString();
    }
}
