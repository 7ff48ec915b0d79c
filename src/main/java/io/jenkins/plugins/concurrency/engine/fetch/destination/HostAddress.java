package io.jenkins.plugins.concurrency.engine.fetch.destination;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Hosts that are addresses, in every notation that any component may read as one. {@code 127.1}, {@code 0x7f000001},
 * {@code 017700000001} and {@code 2130706433} are all {@code 127.0.0.1}, as in browsers and curl. Does no lookup.
 */
public final class HostAddress {

    private static final int MAX_PARTS = 4;
    private static final long MAX_IPV4 = 0xffff_ffffL;

    private HostAddress() {}

    /**
     * The address of a host that is given by its address.
     *
     * @param host without brackets; a zone after {@code %} is ignored
     * @return {@code null} if the host is a name
     * @throws IllegalArgumentException if it looks like an address, but is none
     */
    @CheckForNull
    public static InetAddress of(String host) {
        if (host.indexOf(':') >= 0) {
            return ipv6(host);
        }
        String numbers = withoutFinalDot(host);
        return isNumber(numbers.substring(numbers.lastIndexOf('.') + 1)) ? ipv4(numbers, host) : null;
    }

    /** The host without a final dot, which stands for the root of DNS. */
    public static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** The shortest notation of an address (RFC 5952). An IPv6 address has no brackets. */
    public static String text(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int longest = 1;
        int start = -1;
        for (int i = 0; i < bytes.length; i += 2) {
            int zeros = 0;
            while (i + 2 * zeros < bytes.length && bytes[i + 2 * zeros] == 0 && bytes[i + 2 * zeros + 1] == 0) {
                zeros++;
            }
            if (zeros > longest) {
                longest = zeros;
                start = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i += 2) {
            if (i == start) {
                text.append("::");
                i += 2 * longest - 2;
            } else {
                text.append(text.length() == 0 || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff));
            }
        }
        return text.toString();
    }

    private static InetAddress ipv6(String host) {
        int zone = host.indexOf('%');
        try {
            // with brackets, the JVM does not take it for a name
            return InetAddress.getByName("[" + (zone < 0 ? host : host.substring(0, zone)) + "]");
        } catch (UnknownHostException e) {
            throw noAddress(host);
        }
    }

    private static InetAddress ipv4(String text, String host) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > MAX_PARTS) {
            throw noAddress(host);
        }
        long address = 0;
        for (int i = 0; i < parts.length - 1; i++) {
            long part = number(parts[i], host);
            if (part > 255) {
                throw noAddress(host);
            }
            address |= part << 8 * (3 - i);
        }
        long last = number(parts[parts.length - 1], host);
        if (last > MAX_IPV4 >> 8 * (parts.length - 1)) {
            throw noAddress(host);
        }
        address |= last;
        byte[] bytes = {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static boolean isNumber(String part) {
        if (part.isEmpty()) {
            return false;
        }
        boolean hexadecimal = part.startsWith("0x") || part.startsWith("0X");
        for (int i = hexadecimal ? 2 : 0; i < part.length(); i++) {
            char c = part.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && !(hexadecimal && Character.digit(c, 16) >= 0 && c < 128)) {
                return false;
            }
        }
        return true;
    }

    private static long number(String part, String host) {
        try {
            if (!isNumber(part)) {
                throw noAddress(host);
            }
            if (part.startsWith("0x") || part.startsWith("0X")) {
                return part.length() == 2 ? 0 : Long.parseLong(part.substring(2), 16);
            }
            return Long.parseLong(part, part.length() > 1 && part.startsWith("0") ? 8 : 10);
        } catch (NumberFormatException e) {
            throw noAddress(host);
        }
    }

    private static IllegalArgumentException noAddress(String host) {
        return new IllegalArgumentException("'" + host + "' is not an IP address");
    }
}
