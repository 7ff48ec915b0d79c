package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.AddressKind;
import io.jenkins.plugins.concurrency.engine.fetch.destination.BlockedException;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationGuard;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.HostAddress;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a policy decides about a host, for administrators who write rules.
 *
 * @param reachable whether there is an address that a connection may be made to
 * @param lines the reasons, one line for each address
 */
public record DestinationReport(boolean reachable, List<String> lines) {

    private static final int MAX_ADDRESSES = 10;

    public DestinationReport {
        lines = List.copyOf(lines);
    }

    /**
     * Looks up the host and applies the policy to each of its addresses. The lookup may block. For a host behind a
     * proxy, the policy applies to its name, as for requests.
     *
     * @param host in lower case, without brackets
     * @param proxy {@code null} to connect directly
     * @throws UnknownHostException if the host has no address
     */
    public static DestinationReport of(
            DestinationSettings policy,
            @CheckForNull ProxySettings proxy,
            String host,
            NameLookup names)
            throws UnknownHostException {
        DestinationGuard guard = new DestinationGuard(policy);
        if (proxy != null && new Proxy(proxy, null).serves(host)) {
            return throughProxy(guard, proxy, host);
        }
        InetAddress literal = HostAddress.of(host);
        InetAddress[] addresses = literal == null ? names.addresses(host) : new InetAddress[] {literal};
        boolean reachable = false;
        List<String> lines = new ArrayList<>();
        for (InetAddress address : addresses) {
            String refusal = refusal(guard, host, address);
            reachable |= refusal == null;
            lines.add(refusal == null ? "allowed: " + permission(guard, host, address) : "refused: " + refusal);
        }
        return new DestinationReport(reachable, lines.subList(0, Math.min(MAX_ADDRESSES, lines.size())));
    }

    private static DestinationReport throughProxy(DestinationGuard guard, ProxySettings proxy, String host) {
        String way = "through the proxy " + proxy.host() + ", which looks the name up: only names and literal "
                + "addresses can be refused here";
        try {
            guard.checkUnresolved(host);
            return new DestinationReport(true, List.of("allowed " + way));
        } catch (BlockedException e) {
            return new DestinationReport(false, List.of("refused: " + e.getMessage() + byRule(guard, host, null), way));
        }
    }

    @CheckForNull
    private static String refusal(DestinationGuard guard, String host, InetAddress address) {
        try {
            guard.check(host, address);
            return null;
        } catch (BlockedException e) {
            return AddressKind.of(address).isForbidden() ? e.getMessage() : e.getMessage() + byRule(guard, host, address);
        }
    }

    private static String permission(DestinationGuard guard, String host, InetAddress address) {
        DestinationSettings.Rule rule = guard.decisive(host, address);
        String text = HostAddress.text(address) + " is " + AddressKind.of(address).text();
        if (rule != null) {
            return text + byRule(guard, host, address);
        }
        return AddressKind.of(address) == AddressKind.PUBLIC ? text : text + ", and internal destinations are allowed";
    }

    private static String byRule(DestinationGuard guard, String host, @CheckForNull InetAddress address) {
        DestinationSettings.Rule rule = guard.decisive(host, address);
        return rule == null ? "" : ", by the rule '" + rule + "'";
    }
}
