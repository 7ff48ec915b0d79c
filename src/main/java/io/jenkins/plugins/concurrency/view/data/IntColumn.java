package io.jenkins.plugins.concurrency.view.data;

import java.util.Arrays;

/** A growing column of numbers, four bytes each. Not thread-safe. */
final class IntColumn {

    private int[] values = new int[64];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + size / 2);
        }
        values[size++] = value;
    }

    int get(int row) {
        return values[row];
    }

    /** The value, or a default where the column is not that long. */
    int getOr(int row, int missing) {
        return row < size ? values[row] : missing;
    }

    /** Sets a value; the column is filled up to it where it is shorter. */
    void set(int row, int value, int filler) {
        while (size <= row) {
            add(filler);
        }
        values[row] = value;
    }

    int size() {
        return size;
    }

    /** A copy in ascending order. */
    int[] sorted() {
        int[] copy = Arrays.copyOf(values, size);
        Arrays.sort(copy);
        return copy;
    }
}
