package io.jenkins.plugins.concurrency.engine.fetch.file;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.http.HttpSyntax;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestSpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.Response;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The validators of a fetched file, with which its server can be asked for a newer one. They are kept in a small hidden
 * file beside it. They are ignored if the file has been changed.
 *
 * @param url the URL that the file was fetched from
 * @param variant the variant of the request, see {@link RequestSpec#variant}
 * @param size in bytes
 * @param modifiedMillis when the file was written, milliseconds since the epoch
 */
public record StoredValidators(
        String url,
        String variant,
        @CheckForNull String entityTag,
        @CheckForNull String lastModified,
        String sha256,
        long size,
        long modifiedMillis) {

    private static final int MAX_SIZE = 64 * 1024;

    /**
     * When Apache compresses a response, it adds this suffix to the entity tag. Later it knows only the tag without the
     * suffix, and never answers 304 (Not Modified) to the other one. Both tags name the same version.
     */
    private static final Pattern TAG_OF_PACKED = Pattern.compile("((?:W/)?\"[^\"]+)-(?:gzip|deflate|br|zstd)\"");

    public StoredValidators { // others can write to the file that they are read from
        Objects.requireNonNull(url);
        Objects.requireNonNull(variant);
        Objects.requireNonNull(sha256);
    }

    /** Reads the validators of a target; {@code null} if there are none, or the file or the request is not the same. */
    @CheckForNull
    public static StoredValidators read(TargetFile target, RequestSpec request) {
        Path file = besides(target);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) > MAX_SIZE
                    || !Files.isRegularFile(target.path(), LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            StoredValidators known = RecordCodec.read(StoredValidators.class, file);
            boolean unchanged = known.url.equals(request.url().toString())
                    && known.variant.equals(request.variant())
                    && known.size == Files.size(target.path())
                    && known.modifiedMillis == modified(target.path());
            return unchanged ? known : null;
        } catch (IOException e) {
            return null; // the file is then fetched again
        }
    }

    /** The headers that make a request conditional: the server sends the file only if there is a newer version. */
    public Map<String, String> conditions() {
        Map<String, String> conditions = new LinkedHashMap<>();
        if (entityTag != null && HttpSyntax.isFieldValue(entityTag)) {
            Matcher packed = TAG_OF_PACKED.matcher(entityTag);
            conditions.put("If-None-Match", packed.matches() ? entityTag + ", " + packed.group(1) + "\"" : entityTag);
        }
        if (lastModified != null && HttpSyntax.isFieldValue(lastModified)) {
            conditions.put("If-Modified-Since", lastModified);
        }
        return conditions;
    }

    /**
     * Saves the validators of a target whose file was just written. If this fails, the next run only has more to do.
     */
    public static void write(TargetFile target, RequestSpec request, Response response, String sha256) {
        String tag = response.header("ETag");
        String date = response.header("Last-Modified");
        Path file = besides(target);
        try {
            if (tag == null && date == null || response.isJustModified()) {
                Files.deleteIfExists(file);
                return;
            }
            StoredValidators known = new StoredValidators(
                    request.url().toString(),
                    request.variant(),
                    tag,
                    date,
                    sha256,
                    Files.size(target.path()),
                    modified(target.path()));
            try (FileChannel channel = target.create()) {
                ByteBuffer json = ByteBuffer.wrap(Json.writeBytes(RecordCodec.encode(known)));
                while (json.hasRemaining()) {
                    channel.write(json);
                }
            }
            target.commit(file);
        } catch (IOException e) {
            target.discard();
        }
    }

    private static long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
    }

    private static Path besides(TargetFile target) {
        return target.path().resolveSibling("." + target.path().getFileName() + ".validators");
    }
}
