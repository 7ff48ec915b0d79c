package io.jenkins.plugins.concurrency.engine.fetch.destination;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The purpose of an address, ordered by danger. An address that contains an IPv4 address (mapped, translated,
 * tunnelled) is of the more dangerous kind of the two.
 */
public enum AddressKind {
    /** Where virtual machines get their secrets: addresses of each of the large clouds that are not link-local. */
    METADATA(
            "a cloud metadata address",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2::/32",
            "fd20:ce::254",
            "fd00:42::42",
            "fd00:c1::a9fe:a9fe"),
    LINK_LOCAL("a link-local address", "169.254.0.0/16", "fe80::/10"),
    LOOPBACK("a loopback address", "127.0.0.0/8", "::1"),
    UNSPECIFIED("an unspecified address", "0.0.0.0/8", "::"),
    PRIVATE("a private address", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    UNIQUE_LOCAL("a unique local address", "fc00::/7", "fec0::/10"),
    SHARED("a shared address (carrier-grade NAT)", "100.64.0.0/10"),
    MULTICAST("a multicast address", "224.0.0.0/4", "ff00::/8"),
    RESERVED(
            "a reserved address",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "64:ff9b:1::/48",
            "100::/64",
            "2001:db8::/32"),
    PUBLIC("a public address", "0.0.0.0/0", "::/0");

    private static final AddressRange IPV4_COMPATIBLE = AddressRange.of("::/96");
    private static final AddressRange IPV4_TRANSLATED = AddressRange.of("::ffff:0:0:0/96");
    private static final AddressRange NAT64 = AddressRange.of("64:ff9b::/96");
    private static final AddressRange LOCAL_NAT64 = AddressRange.of("64:ff9b:1::/48");
    private static final AddressRange SIX_TO_FOUR = AddressRange.of("2002::/16");
    private static final AddressRange TEREDO = AddressRange.of("2001::/32");

    private final String text;
    private final List<AddressRange> ranges;

    AddressKind(String text, String... ranges) {
        this.text = text;
        this.ranges = Arrays.stream(ranges).map(AddressRange::of).toList();
    }

    public static AddressKind of(InetAddress address) {
        AddressKind worst = ofOuter(address);
        for (InetAddress inner : inside(address.getAddress(), address)) {
            AddressKind kind = ofOuter(inner);
            worst = kind.compareTo(worst) < 0 ? kind : worst;
        }
        return worst;
    }

    /** The kind with its article, for messages. */
    public String text() {
        return text;
    }

    /** Whether no rule can allow it. */
    public boolean isForbidden() {
        return this == METADATA || this == LINK_LOCAL;
    }

    private static AddressKind ofOuter(InetAddress address) {
        for (AddressKind kind : values()) {
            for (AddressRange range : kind.ranges) {
                if (range.contains(address)) {
                    return kind;
                }
            }
        }
        return RESERVED;
    }

    private static List<InetAddress> inside(byte[] bytes, InetAddress address) {
        List<InetAddress> found = new ArrayList<>();
        if (bytes.length == 4) {
            return found;
        }
        boolean mapped = bytes[10] == -1 && bytes[11] == -1 && allZero(bytes, 10);
        boolean isatap = (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && (bytes[11] & 0xff) == 0xfe;
        boolean compatible = IPV4_COMPATIBLE.contains(address) && !(bytes[12] == 0 && bytes[13] == 0 && bytes[14] == 0);
        boolean last = mapped
                || isatap
                || compatible
                || IPV4_TRANSLATED.contains(address)
                || NAT64.contains(address)
                || LOCAL_NAT64.contains(address);
        if (last) {
            found.add(ipv4(bytes[12], bytes[13], bytes[14], bytes[15]));
        }
        if (LOCAL_NAT64.contains(address)) {
            // where addresses with prefixes of 48, 56 and 64 bits have the IPv4 address (RFC 6052, 2.2)
            found.add(ipv4(bytes[6], bytes[7], bytes[9], bytes[10]));
            found.add(ipv4(bytes[7], bytes[9], bytes[10], bytes[11]));
            found.add(ipv4(bytes[9], bytes[10], bytes[11], bytes[12]));
        }
        if (SIX_TO_FOUR.contains(address)) {
            found.add(ipv4(bytes[2], bytes[3], bytes[4], bytes[5]));
        }
        if (TEREDO.contains(address)) {
            found.add(ipv4(bytes[4], bytes[5], bytes[6], bytes[7]));
            found.add(ipv4(~bytes[12], ~bytes[13], ~bytes[14], ~bytes[15]));
        }
        return found;
    }

    private static boolean allZero(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress ipv4(int... bytes) {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
