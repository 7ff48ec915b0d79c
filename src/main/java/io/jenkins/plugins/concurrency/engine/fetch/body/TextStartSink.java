package io.jenkins.plugins.concurrency.engine.fetch.body;

import io.jenkins.plugins.concurrency.engine.fetch.http.BodyCharset;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ErrorPageText;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Map;

/**
 * Receives the body of an unwanted response: keeps its beginning as text, and drops the rest, so that the connection
 * can be used again.
 */
public final class TextStartSink implements BodySink {

    /** How much of an error page a result shows, in bytes. */
    public static final int SHOWN = 4 * 1024;

    /** In bytes. A longer body is not read to its end, and its connection is closed. */
    static final int WORTH_READING = 256 * 1024;

    private final Charset charset;
    private final byte[] head;
    private long bytes;

    /** @param shown how many bytes to keep */
    public TextStartSink(Charset charset, int shown) {
        this.charset = charset;
        this.head = new byte[shown];
    }

    /**
     * The beginning of a text.
     *
     * @param isWhole whether the text has not been cut already
     */
    public static String shown(String text, boolean isWhole) {
        return text.isEmpty() || isWhole && text.length() <= SHOWN ? text : ErrorPageText.cut(text, SHOWN);
    }

    @Override
    public void write(ByteBuffer buffer) {
        int kept = (int) Math.min(bytes, head.length);
        int more = Math.min(head.length - kept, buffer.remaining());
        bytes += buffer.remaining();
        buffer.get(head, kept, more);
        buffer.position(buffer.limit());
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public long limit() {
        return WORTH_READING;
    }

    @Override
    public byte[] start(int most) {
        return Arrays.copyOf(head, (int) Math.min(Math.min(bytes, head.length), most));
    }

    @Override
    public void commit(Map<String, Object> details) {
        details.put(OutcomeDetail.BODY, BodyCharset.decode(head, (int) Math.min(bytes, head.length), charset));
    }

    @Override
    public void discard() {}
}
