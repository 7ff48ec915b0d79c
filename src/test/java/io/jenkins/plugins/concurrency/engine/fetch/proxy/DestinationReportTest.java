package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

/** What is said of a host is what becomes of requests to it, with the reason. */
public class DestinationReportTest {

    private static final DestinationSettings RULES =
            new DestinationSettings(false, List.of("*.ours.example", "10.1.0.0/16"), List.of("bad.example", "8.8.0.0/16"));

    private static DestinationReport report(String host, String... addresses) throws Exception {
        InetAddress[] found = new InetAddress[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            found[i] = InetAddress.getByName(addresses[i]);
        }
        return DestinationReport.of(RULES, null, host, name -> found);
    }

    @Test
    public void eachAddressOfANameIsTold() throws Exception {
        DestinationReport report = report("both.example", "9.9.9.9", "10.2.0.1", "10.1.0.1", "8.8.8.8");
        assertTrue("one is enough", report.reachable());
        assertEquals(
                List.of(
                        "allowed: 9.9.9.9 is a public address",
                        "refused: 'both.example' (10.2.0.1) is a private address, and internal destinations are not"
                                + " allowed",
                        "allowed: 10.1.0.1 is a private address, by the rule '10.1.0.0/16'",
                        "refused: 'both.example' is refused by the administrator's rules, by the rule '8.8.0.0/16'"),
                report.lines());
    }

    @Test
    public void aNameIsEnoughForARule() throws Exception {
        assertEquals(
                List.of("allowed: 10.2.0.1 is a private address, by the rule '*.ours.example'"),
                report("db.ours.example", "10.2.0.1").lines());
        DestinationReport refused = report("bad.example", "9.9.9.9");
        assertFalse(refused.reachable());
        assertTrue(refused.lines().get(0).endsWith("by the rule 'bad.example'"));
    }

    @Test
    public void whatIsNeverAllowedIsSoWhateverTheRulesSay() throws Exception {
        DestinationReport report = report("evil.ours.example", "169.254.169.254");
        assertFalse(report.reachable());
        assertEquals(
                List.of("refused: 'evil.ours.example' (169.254.169.254) is a link-local address, which is never allowed"),
                report.lines());
    }

    @Test
    public void aHostBehindAProxyIsJudgedByItsName() throws Exception {
        ProxySettings proxy = new ProxySettings("proxy.example", 3128, null, List.of());
        NameLookup nobody = name -> {
            throw new UnknownHostException(name);
        };
        DestinationReport allowed = DestinationReport.of(RULES, proxy, "www.example", nobody);
        assertTrue(allowed.reachable());
        assertTrue(allowed.lines().get(0).startsWith("allowed through the proxy proxy.example"));
        DestinationReport refused = DestinationReport.of(RULES, proxy, "bad.example", nobody);
        assertFalse(refused.reachable());
        assertTrue(refused.lines().get(0).endsWith("by the rule 'bad.example'"));
        assertThrows(
                UnknownHostException.class, () -> DestinationReport.of(RULES, null, "www.example", nobody));
    }

    @Test
    public void aNameWithVeryManyAddressesIsToldInFew() throws Exception {
        String[] many = IntStream.range(0, 200).mapToObj(i -> "9.9.9." + i).toArray(String[]::new);
        assertEquals(10, report("many.example", many).lines().size());
    }
}
