package io.jenkins.plugins.concurrency.view.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing column of texts, held as UTF-8 in one piece: a third of what as many strings would take. Not thread-safe. */
final class TextColumn {

    private final int maxLength;
    private byte[] bytes = new byte[4096];
    private final IntColumn ends = new IntColumn();

    /** @param maxLength characters that are kept of a text; it ends in … where it was longer */
    TextColumn(int maxLength) {
        this.maxLength = maxLength;
    }

    void add(String text) {
        String kept = text.length() <= maxLength ? text : text.substring(0, maxLength) + "…";
        byte[] added = kept.getBytes(StandardCharsets.UTF_8);
        int begin = begin(ends.size());
        int end = Math.addExact(begin, added.length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(end, bytes.length * 3L / 2)));
        }
        System.arraycopy(added, 0, bytes, begin, added.length);
        ends.add(end);
    }

    String get(int row) {
        int begin = begin(row);
        return new String(bytes, begin, ends.get(row) - begin, StandardCharsets.UTF_8);
    }

    private int begin(int row) {
        return row == 0 ? 0 : ends.get(row - 1);
    }
}
