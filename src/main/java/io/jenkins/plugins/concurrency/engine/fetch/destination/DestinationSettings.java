package io.jenkins.plugins.concurrency.engine.fetch.destination;

import java.util.List;

/**
 * Where requests may go. Link-local and cloud metadata addresses are refused whatever stands here. Of the others, what
 * is allowed expressly is allowed, what is refused expressly is refused, and {@code internal} decides on the rest.
 *
 * <p>A rule is a host pattern such as {@code *.example.org} or an address range such as {@code 10.0.0.0/8}. What counts
 * is the address that a connection is really made to.
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
