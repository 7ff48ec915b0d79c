package io.jenkins.plugins.concurrency.engine.fetch.body;

import io.jenkins.plugins.concurrency.engine.fetch.http.BodyCharset;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Map;

/** Returns a body as text. Bytes that its charset can't decode are replaced by U+FFFD. */
public final class TextSink implements BodySink {

    private static final int FIRST_SIZE = 8 * 1024;
    private static final int MAX_FIRST_SIZE = 32 * 1024;

    private final Charset charset;
    private final int limit;
    private final int expected;
    private final TextBudget.Share memory;
    private TextBudget.Claim claim;
    private byte[] content;
    private int length;
    private String sha256;

    /**
     * @param expected how many bytes will come; negative if unknown
     * @param limit the most bytes that it takes
     * @param memory for bodies that do not arrive all at once
     */
    public TextSink(Charset charset, long expected, int limit, TextBudget.Share memory) {
        this.charset = charset;
        this.limit = limit;
        this.expected = (int) Math.min(expected < 0 ? limit : expected, limit);
        this.memory = memory;
        // An announced length alone gets only a little memory. More follows with what arrives.
        this.content = new byte[(int) Math.min(expected < 0 ? FIRST_SIZE : Math.min(expected, MAX_FIRST_SIZE), limit)];
    }

    @Override
    public boolean hasRoom(Runnable later) {
        if (claim == null) {
            claim = memory.claim(expected, later);
        }
        return claim.isGranted();
    }

    @Override
    public void write(ByteBuffer buffer) {
        int more = buffer.remaining();
        if (length + more > content.length) {
            content = Arrays.copyOf(content, Math.max(length + more, 2 * content.length));
        }
        buffer.get(content, length, more);
        length += more;
    }

    @Override
    public long bytes() {
        return length;
    }

    @Override
    public long limit() {
        return limit;
    }

    @Override
    public byte[] start(int most) {
        return Arrays.copyOf(content, Math.min(length, most));
    }

    @Override
    public String sha256() {
        if (sha256 == null) {
            Sha256 hash = new Sha256();
            hash.update(ByteBuffer.wrap(content, 0, length));
            sha256 = hash.hex();
        }
        return sha256;
    }

    @Override
    public void commit(Map<String, Object> details) {
        details.put(OutcomeDetail.BYTES, (long) length);
        details.put(OutcomeDetail.SHA256, sha256());
        details.put(OutcomeDetail.BODY, BodyCharset.decode(content, length, charset));
        releaseClaim();
    }

    @Override
    public void discard() {
        content = new byte[0];
        releaseClaim();
    }

    private void releaseClaim() {
        if (claim != null) {
            claim.release();
        }
    }
}
