package io.jenkins.plugins.concurrency.engine.fetch.body;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Headers and trailers of the gzip format (RFC 1952), which may arrive in any number of pieces. */
final class GzipFrame implements BodyInflater.Frame {

    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;
    private static final int FLAG_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CRC,
        CONTENT,
        TRAILER,
        /** The member is complete. Another one may follow. */
        BETWEEN,
        /** Padding, or other bytes that do not belong to the format. */
        BEHIND
    }

    private final CRC32 checksum = new CRC32();
    private Part part = Part.FIXED;
    private int taken;
    private int flags;
    private int extra;
    private long size;
    private long trailer;

    @Override
    public boolean isRaw() {
        return true;
    }

    @Override
    public boolean begins(ByteBuffer bytes) throws ContentCodingException {
        while (bytes.hasRemaining() && part != Part.CONTENT) {
            header(bytes.get() & 0xff);
        }
        return part == Part.CONTENT && bytes.hasRemaining();
    }

    @Override
    public void unpacked(ByteBuffer content) {
        size += content.remaining();
        checksum.update(content.duplicate());
    }

    @Override
    public void follow(ByteBuffer bytes) throws ContentCodingException {
        if (part == Part.CONTENT) {
            enter(Part.TRAILER);
        }
        while (part == Part.TRAILER && bytes.hasRemaining()) {
            trailer |= (bytes.get() & 0xffL) << 8 * taken++;
            if (taken == TRAILER) {
                checkTrailer();
                enter(Part.BETWEEN);
            }
        }
        if (part == Part.BETWEEN && bytes.hasRemaining()) {
            boolean another = (bytes.get(bytes.position()) & 0xff) == 0x1f;
            enter(another ? Part.FIXED : Part.BEHIND);
        }
        if (part == Part.BEHIND) {
            bytes.position(bytes.limit());
        }
    }

    @Override
    public boolean beginsAgain() {
        return part == Part.FIXED;
    }

    @Override
    public boolean isWhole() {
        return part == Part.BETWEEN || part == Part.BEHIND;
    }

    private void header(int b) throws ContentCodingException {
        taken++;
        switch (part) {
            case FIXED -> fixedHeader(b);
            case EXTRA_LENGTH -> {
                extra |= b << 8 * (taken - 1);
                if (taken == 2) {
                    enter(extra == 0 ? afterExtra() : Part.EXTRA);
                }
            }
            case EXTRA -> {
                if (taken == extra) {
                    enter(afterExtra());
                }
            }
            case NAME -> {
                if (b == 0) {
                    enter(afterName());
                }
            }
            case COMMENT -> {
                if (b == 0) {
                    enter(afterComment());
                }
            }
            default -> {
                if (taken == 2) {
                    enter(Part.CONTENT);
                }
            }
        }
    }

    private void fixedHeader(int b) throws ContentCodingException {
        boolean right = switch (taken) {
            case 1 -> b == 0x1f;
            case 2 -> b == 0x8b;
            case 3 -> b == 8;
            default -> true;
        };
        if (!right) {
            throw ContentCodingException.broken("it is not in the gzip format");
        }
        if (taken == 4) {
            flags = b;
        }
        if (taken == FIXED_HEADER) {
            enter(is(FLAG_EXTRA) ? Part.EXTRA_LENGTH : afterExtra());
        }
    }

    private Part afterExtra() {
        return is(FLAG_NAME) ? Part.NAME : afterName();
    }

    private Part afterName() {
        return is(FLAG_COMMENT) ? Part.COMMENT : afterComment();
    }

    private Part afterComment() {
        return is(FLAG_CRC) ? Part.CRC : Part.CONTENT;
    }

    private boolean is(int flag) {
        return (flags & flag) != 0;
    }

    private void checkTrailer() throws ContentCodingException {
        if ((trailer & 0xffff_ffffL) != checksum.getValue() || trailer >>> 32 != (size & 0xffff_ffffL)) {
            throw ContentCodingException.broken("its checksum is wrong");
        }
    }

    private void enter(Part next) {
        part = next;
        taken = 0;
        if (next == Part.FIXED) {
            checksum.reset();
            size = 0;
            trailer = 0;
            extra = 0;
        }
    }
}
