package io.jenkins.plugins.concurrency.engine.supervisor;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A run for a supervisor that is there already.
 *
 * @param directory the run directory
 * @param environment all of the run's environment
 */
record HandedRun(@NonNull Path directory, @NonNull Map<String, String> environment) {

    /** Far more than any system allows for an environment. */
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    void write(@NonNull DataOutputStream out) throws IOException {
        byte[] bytes = Json.writeBytes(Map.of("directory", directory.toString(), "environment", environment));
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    @NonNull
    static HandedRun read(@NonNull DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("not a run: " + length + " bytes");
        }
        JsonObject json = JsonObject.parse(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        return new HandedRun(Path.of(json.string("directory")), json.strings("environment"));
    }
}
