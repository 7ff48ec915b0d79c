package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.DestinationReport;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySettings;
import java.net.UnknownHostException;

/** Checks a URL against a policy without sending a request. */
public final class DestinationProbe {

    private DestinationProbe() {}

    /**
     * What the policy says; blocks while the name is looked up, as this machine does.
     *
     * @param proxy {@code null} to connect directly
     * @throws IllegalArgumentException if it is no URL that can be fetched, in one line
     * @throws UnknownHostException if the host has no address
     */
    public static DestinationReport report(
            DestinationSettings policy, @CheckForNull ProxySettings proxy, String url) throws UnknownHostException {
        return DestinationReport.of(policy, proxy, FetchUrl.parse(url).origin().host(), NameLookup.SYSTEM);
    }
}
