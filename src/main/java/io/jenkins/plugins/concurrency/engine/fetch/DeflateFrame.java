package io.jenkins.plugins.concurrency.engine.fetch;

import java.nio.ByteBuffer;

/**
 * The coding {@code deflate}: zlib's format, which has its own header and checksum (RFC 1950), or the bare content,
 * which some servers send instead.
 */
final class DeflateFrame implements Inflation.Frame {

    private static final int DEFLATED = 8;

    private boolean raw;

    @Override
    public boolean isRaw() {
        return raw;
    }

    @Override
    public boolean begins(ByteBuffer bytes) {
        // the method is in the first byte; bare content can't begin so, except with a kind of block that nobody sends
        raw = (bytes.get(bytes.position()) & 0x0f) != DEFLATED;
        return true;
    }

    @Override
    public void unpacked(ByteBuffer content) {
        // zlib's checksum is looked at by the inflater
    }

    @Override
    public void follow(ByteBuffer bytes) {
        bytes.position(bytes.limit());
    }

    @Override
    public boolean beginsAgain() {
        return false;
    }

    @Override
    public boolean isWhole() {
        return true;
    }
}
