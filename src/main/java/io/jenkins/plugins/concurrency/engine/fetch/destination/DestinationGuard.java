package io.jenkins.plugins.concurrency.engine.fetch.destination;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Allows only connections that a policy permits. Immutable. */
public final class DestinationGuard {

    /** The names of the metadata servers in the large clouds, which give out secrets. A proxy may know them too. */
    private static final Set<String> METADATA_NAMES = Set.of(
            "metadata",
            "metadata.goog",
            "metadata.google.internal",
            "metadata.azure.internal",
            "metadata.tencentyun.com",
            "instance-data",
            "instance-data.ec2.internal");

    private final boolean internal;
    private final List<DestinationSettings.Rule> allowed;
    private final List<DestinationSettings.Rule> refused;

    public DestinationGuard(DestinationSettings policy) {
        internal = policy.internal();
        allowed = policy.allowed().stream().map(DestinationSettings.Rule::of).toList();
        refused = policy.refused().stream().map(DestinationSettings.Rule::of).toList();
    }

    /**
     * The addresses of a host to which a connection may be made.
     *
     * @return at least one
     * @throws BlockedException if there is none
     */
    public List<InetAddress> permitted(String host, InetAddress[] addresses) throws BlockedException {
        List<InetAddress> permitted = new ArrayList<>(addresses.length);
        BlockedException blocked = null;
        for (InetAddress address : addresses) {
            try {
                check(host, address);
                permitted.add(address);
            } catch (BlockedException e) {
                blocked = e;
            }
        }
        if (permitted.isEmpty() && blocked != null) {
            throw blocked;
        }
        return permitted;
    }

    /**
     * Checks a host by its name, if only a proxy will know its addresses.
     *
     * @throws BlockedException if the name alone is a reason to refuse it
     */
    public void checkUnresolved(String host) throws BlockedException {
        InetAddress address = HostAddress.of(host);
        if (address != null) {
            check(host, address);
        } else if (METADATA_NAMES.contains(HostAddress.withoutFinalDot(host))) {
            throw new BlockedException("'" + host + "' is " + AddressKind.METADATA.text() + ", which is never allowed");
        } else if (!matches(allowed, host)) {
            if (matches(refused, host)) {
                throw refusedByRule(host);
            }
            if (isThisMachine(host) && !internal) {
                throw new BlockedException("'" + host + "' is this machine, and internal destinations are not allowed");
            }
        }
    }

    /**
     * Checks all addresses of a host, if a proxy chooses one of them.
     *
     * @throws BlockedException if one of them is forbidden
     */
    public void checkAll(String host, InetAddress[] addresses) throws BlockedException {
        for (InetAddress address : addresses) {
            check(host, address);
        }
    }

    /** Whether a name stands for the loopback address on every machine. */
    public static boolean isThisMachine(String host) {
        String name = HostAddress.withoutFinalDot(host);
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** @throws BlockedException if no connection to this address may be made for the host */
    public void check(String host, InetAddress address) throws BlockedException {
        AddressKind kind = AddressKind.of(address);
        if (kind.isForbidden()) {
            throw new BlockedException(described(host, address, kind) + ", which is never allowed");
        }
        if (matches(allowed, host) || matches(allowed, address)) {
            return;
        }
        if (matches(refused, host) || matches(refused, address)) {
            throw refusedByRule(host);
        }
        if (kind != AddressKind.PUBLIC && !internal) {
            throw new BlockedException(described(host, address, kind) + ", and internal destinations are not allowed");
        }
    }

    /**
     * The rule that decides about a name, or about its address if it is known; {@code null} if there is no such rule.
     */
    @CheckForNull
    public DestinationSettings.Rule decisive(String host, @CheckForNull InetAddress address) {
        return Stream.concat(allowed.stream(), refused.stream())
                .filter(rule -> rule.matches(host) || address != null && rule.matches(address))
                .findFirst()
                .orElse(null);
    }

    private static BlockedException refusedByRule(String host) {
        return new BlockedException("'" + host + "' is refused by the administrator's rules");
    }

    private static String described(String host, InetAddress address, AddressKind kind) {
        String text = HostAddress.text(address);
        return host.equals(text) ? "'" + host + "' is " + kind.text() : "'" + host + "' (" + text + ") is " + kind.text();
    }

    private static boolean matches(List<DestinationSettings.Rule> rules, String host) {
        return rules.stream().anyMatch(rule -> rule.matches(host));
    }

    private static boolean matches(List<DestinationSettings.Rule> rules, InetAddress address) {
        return rules.stream().anyMatch(rule -> rule.matches(address));
    }
}
