package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.io.IOException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.DefaultHttpResponseFactory;
import org.apache.hc.core5.http.impl.nio.DefaultHttpResponseParser;
import org.apache.hc.core5.http.nio.NHttpMessageParser;
import org.apache.hc.core5.http.nio.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Parses heads of responses. If the connection ends within a head, the head is incomplete, also after a whole line,
 * where HttpCore's own parser accepts it. Limits the size of the whole head: many lines, none of them too long, may
 * need more memory than there is.
 */
public final class ResponseHeadParser implements NHttpMessageParser<HttpResponse> {

    /** The longest head, in bytes. */
    static final int MAX_HEAD = 256 * 1024;

    private static final int MAX_INTERIM = 100;
    private static final int FINAL = 200;

    private final DefaultHttpResponseParser<HttpResponse> parser;
    private int parsed;
    private int interim;

    /** The received data of the connection; {@code null} before the first response. */
    private SessionInputBuffer received;

    private volatile boolean begun;

    ResponseHeadParser(Http1Config config) {
        parser = new DefaultHttpResponseParser<>(config, DefaultHttpResponseFactory.INSTANCE) {
            @Override
            protected HttpResponse createMessage(CharArrayBuffer line) throws HttpException {
                try {
                    return super.createMessage(line);
                } catch (ParseException e) {
                    throw new NoResponseException(e.getMessage());
                }
            }
        };
    }

    /** Whether data has arrived that nobody has taken. Called by the I/O thread. */
    boolean hasMore() {
        return received != null && received.hasData();
    }

    /** Whether a part of a head has arrived. Called by any thread. */
    boolean hasBegun() {
        return begun;
    }

    @Override
    public HttpResponse parse(SessionInputBuffer input, boolean endOfStream) throws IOException, HttpException {
        received = input;
        int before = input.length();
        HttpResponse head = parser.parse(input, false);
        parsed += before - input.length();
        begun = head == null && (parsed > 0 || input.hasData());
        if (parsed > MAX_HEAD) {
            throw new MessageConstraintException("Maximum length limit exceeded");
        }
        if (head != null) {
            interim = head.getCode() < FINAL ? interim + 1 : 0;
        }
        if (interim > MAX_INTERIM) {
            throw new MessageConstraintException("more than " + MAX_INTERIM + " interim responses");
        }
        if (head == null && endOfStream && input.hasData()) {
            throw new ConnectionClosedException();
        }
        return head;
    }

    @Override
    public void reset() {
        parsed = 0;
        parser.reset();
    }

    /**
     * The received data is not the beginning of a response. On a reused connection it may be left over from the
     * exchange before.
     */
    public static final class NoResponseException extends ParseException {

        private static final long serialVersionUID = 1L;

        NoResponseException(String message) {
            super(message);
        }
    }
}
