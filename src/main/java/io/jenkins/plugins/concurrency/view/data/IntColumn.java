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
