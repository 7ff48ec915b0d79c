package io.jenkins.plugins.concurrency.engine.fetch.destination;

import java.net.InetAddress;

/** Addresses whose first bits are the same, written as {@code 10.0.0.0/8}, {@code fd00::/8} or {@code 10.1.2.3}. */
public final class AddressRange {

    private final byte[] network;
    private final int bits;

    private AddressRange(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /** @throws IllegalArgumentException if the text is no range; the message is one line */
    public static AddressRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress address;
        try {
            address = HostAddress.of(slash < 0 ? text : text.substring(0, slash));
        } catch (IllegalArgumentException e) {
            throw noRange(text);
        }
        if (address == null) {
            throw noRange(text);
        }
        byte[] network = address.getAddress();
        try {
            int bits = slash < 0 ? 8 * network.length : Integer.parseInt(text.substring(slash + 1));
            if (bits >= 0 && bits <= 8 * network.length) {
                return new AddressRange(network, bits);
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw noRange(text);
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (bytes[i] != network[i]) {
                return false;
            }
        }
        int mask = 0xff00 >> bits % 8 & 0xff;
        return mask == 0 || ((bytes[whole] ^ network[whole]) & mask) == 0;
    }

    private static IllegalArgumentException noRange(String text) {
        return new IllegalArgumentException("'" + text + "' is not an address range such as 10.0.0.0/8");
    }
}
