package io.jenkins.plugins.concurrency.engine.fetch.destination;

import java.util.List;

/**
 * Where requests may go. Link-local and cloud metadata addresses are always refused. Of the others, {@code allowed}
 * decides first, then {@code refused}, then {@code internal}.
 *
 * <p>A rule is a host pattern such as {@code *.example.org} or an address range such as {@code 10.0.0.0/8}. It is
 * applied to the address to which the connection is really made.
 *
 * @param internal whether addresses may be reached that only have a meaning in this network: loopback, private, shared
 *     and the like
 * @param allowed rules that win over all the others
 * @param refused rules that win over {@code internal}
 */
public record DestinationSettings(boolean internal, List<String> allowed, List<String> refused) {

    /** Public addresses alone. */
    public static final DestinationSettings PUBLIC = new DestinationSettings(false, List.of(), List.of());

    /** Everything but what is never allowed. */
    public static final DestinationSettings INTERNAL = new DestinationSettings(true, List.of(), List.of());

    /** @throws IllegalArgumentException if a rule is none, in one line */
    public DestinationSettings {
        allowed = List.copyOf(allowed);
        refused = List.copyOf(refused);
        allowed.forEach(DestinationRule::of);
        refused.forEach(DestinationRule::of);
    }
}
