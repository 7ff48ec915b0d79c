package io.jenkins.plugins.concurrency.view.data;

import java.util.Arrays;

/** A growing column of numbers, eight bytes each. Not thread-safe. */
final class LongColumn {

    private long[] values = new long[64];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + size / 2);
        }
        values[size++] = value;
    }

    long get(int row) {
        return values[row];
    }

    /** Adds to a value. A shorter column is first filled with zeros. */
    void increase(int row, long by) {
        while (size <= row) {
            add(0);
        }
        values[row] += by;
    }

    int size() {
        return size;
    }
}
