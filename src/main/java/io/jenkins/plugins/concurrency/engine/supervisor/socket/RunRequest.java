package io.jenkins.plugins.concurrency.engine.supervisor.socket;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A run for a supervisor, which reads it from standard input or from a socket. The environment contains secrets. It is
 * sent in no other way, and is never written to a file.
 *
 * @param directory the run directory
 * @param environment the whole environment of the run
 * @param limits of all runs of the supervisor together, from now on
 */
public record RunRequest(
        Path directory, Map<String, String> environment, NodeLimits limits) {

    /** Far more than any system allows for an environment. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    public byte[] bytes() throws IOException {
        byte[] json = Json.writeBytes(Map.of(
                "directory", directory.toString(), "environment", environment, "limits", RecordCodec.encode(limits)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Integer.BYTES + json.length);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(json.length);
        out.write(json);
        return bytes.toByteArray();
    }

    /** @throws IOException if no whole request comes, in one line */
    public static RunRequest read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("not a run: " + length + " bytes");
        }
        byte[] json = new byte[length];
        in.readFully(json);
        JsonObject request = JsonObject.parse(new String(json, StandardCharsets.UTF_8));
        return new RunRequest(
                Path.of(request.string("directory")),
                request.strings("environment"),
                RecordCodec.decode(NodeLimits.class, request.object("limits")));
    }
}
