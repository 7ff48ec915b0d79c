package io.jenkins.plugins.concurrency.engine.fetch;

/** A set of numbers without an object for each. Only grows. Used by one thread. */
final class LongSet {

    private static final long FREE = 0;

    private long[] slots = new long[64];
    private int size;

    /** @return false if the number was already there; 0 and 1 count as the same */
    boolean add(long number) {
        long value = number == FREE ? 1 : number;
        if (2 * size >= slots.length) {
            grow();
        }
        int slot = slotOf(value);
        if (slots[slot] == value) {
            return false;
        }
        slots[slot] = value;
        size++;
        return true;
    }

    private int slotOf(long value) {
        int mask = slots.length - 1;
        int slot = (int) value & mask;
        while (slots[slot] != FREE && slots[slot] != value) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        for (long value : old) {
            if (value != FREE) {
                slots[slotOf(value)] = value;
            }
        }
    }
}
