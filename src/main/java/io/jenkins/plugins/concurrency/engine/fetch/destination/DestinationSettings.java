package io.jenkins.plugins.concurrency.engine.fetch.destination;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where requests may go. Link-local and cloud metadata addresses are always refused. Of the others, {@code allowed}
 * decides first, then {@code refused}, then {@code internal}.
 *
 * <p>A rule is a host pattern such as {@code *.example.org} or an address range such as {@code 10.0.0.0/8}. It is
 * applied to the address to which the connection is really made.
 *
 * @param internal whether requests may go to addresses that have a meaning only in this network: loopback, private,
 *     shared and the like
 * @param allowed rules that win over all the others
 * @param refused rules that win over {@code internal}
 */
public record DestinationSettings(boolean internal, List<String> allowed, List<String> refused) {

    /** Only public addresses. */
    public static final DestinationSettings PUBLIC = new DestinationSettings(false, List.of(), List.of());

    /** All addresses, except those that are never allowed. */
    public static final DestinationSettings INTERNAL = new DestinationSettings(true, List.of(), List.of());

    /** @throws IllegalArgumentException if a rule is invalid; the message is one line */
    public DestinationSettings {
        allowed = List.copyOf(allowed);
        refused = List.copyOf(refused);
        allowed.forEach(Rule::of);
        refused.forEach(Rule::of);
    }

    /**
     * A destination of an administrator's rule. Hosts are given by name, where {@code *} stands for any part ({@code
     * *.example.org}). Addresses are given by range ({@code 10.1.0.0/16}).
     */
    public record Rule(String text, @CheckForNull Pattern hosts, @CheckForNull AddressRange addresses) {

        private static final Pattern NAME = Pattern.compile("[*a-z0-9._-]+");

        /** @throws IllegalArgumentException if the text is no rule; the message is one line */
        static Rule of(String text) {
            String rule = ascii(text.strip());
            boolean range = (rule.indexOf('/') >= 0 || rule.indexOf(':') >= 0) && !rule.contains("//");
            if (range || rule.indexOf('*') < 0 && NAME.matcher(rule).matches() && HostAddress.of(rule) != null) {
                return new Rule(rule, null, AddressRange.of(rule));
            }
            if (!NAME.matcher(rule).matches()) {
                throw new IllegalArgumentException("'" + text
                        + "' is neither a host such as *.example.org nor an address range such as 10.0.0.0/8");
            }
            StringBuilder regex = new StringBuilder();
            for (String part : rule.split("\\*", -1)) {
                regex.append(regex.length() == 0 ? "" : ".*").append(Pattern.quote(part));
            }
            return new Rule(rule, Pattern.compile(regex.toString()), null);
        }

        /** Hosts are compared in their DNS form. A part with a {@code *} has no DNS form. */
        private static String ascii(String rule) {
            try {
                return Stream.of(rule.split("\\.", -1))
                        .map(part -> isAscii(part) ? part.toLowerCase(Locale.ROOT) : Idna.toAscii(part))
                        .collect(Collectors.joining("."));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + rule + "' is not a host: " + e.getMessage(), e);
            }
        }

        private static boolean isAscii(String text) {
            return text.chars().allMatch(c -> c < 128);
        }

        boolean matches(String host) {
            return hosts != null && hosts.matcher(HostAddress.withoutFinalDot(host)).matches();
        }

        boolean matches(InetAddress address) {
            return addresses != null && addresses.contains(address);
        }

        /** The rule as it was written, but in lower case and in DNS form. */
        @Override
        public String toString() {
            return text;
        }
    }
}
