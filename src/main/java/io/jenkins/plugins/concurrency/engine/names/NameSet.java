package io.jenkins.plugins.concurrency.engine.names;

/**
 * A set of names that stores only their 64-bit hashes, so a million names take some 16 to 32 bytes each. With a million
 * names, the chance that two different ones count as equal is about one in 40 million. Names can't be removed. Not
 * thread-safe.
 */
public final class NameSet {

    private static final long FREE = 0;

    /** An open-addressing table. */
    private long[] slots = new long[64];

    private int size;

    /** @return false if the set had the name already */
    public boolean add(String name) {
        long hash = hash(name);
        if (2 * size >= slots.length) {
            grow();
        }
        int slot = slotOf(hash);
        if (slots[slot] == hash) {
            return false;
        }
        slots[slot] = hash;
        size++;
        return true;
    }

    private int slotOf(long hash) {
        int mask = slots.length - 1;
        int slot = (int) hash & mask;
        while (slots[slot] != FREE && slots[slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        for (long hash : old) {
            if (hash != FREE) {
                slots[slotOf(hash)] = hash;
            }
        }
    }

    /** FNV-1a of the characters, mixed once more so that similar names are far apart in the table. */
    private static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 29;
        hash *= 0xbf58476d1ce4e5b9L;
        hash ^= hash >>> 32;
        return hash == FREE ? 1 : hash;
    }
}
