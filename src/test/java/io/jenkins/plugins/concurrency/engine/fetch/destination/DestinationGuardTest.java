package io.jenkins.plugins.concurrency.engine.fetch.destination;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.Test;

public class DestinationGuardTest {

    private static final String[][] KINDS = {
        {"169.254.169.254", "LINK_LOCAL"}, {"169.254.0.1", "LINK_LOCAL"}, {"fe80::1", "LINK_LOCAL"},
        {"febf::1", "LINK_LOCAL"}, {"100.100.100.200", "METADATA"}, {"168.63.129.16", "METADATA"},
        {"fd00:ec2::254", "METADATA"}, {"192.0.0.192", "METADATA"}, {"127.0.0.1", "LOOPBACK"},
        {"127.255.255.254", "LOOPBACK"}, {"::1", "LOOPBACK"}, {"0.0.0.0", "UNSPECIFIED"}, {"0.1.2.3", "UNSPECIFIED"},
        {"::", "UNSPECIFIED"}, {"10.0.0.1", "PRIVATE"}, {"172.16.0.1", "PRIVATE"}, {"172.31.255.255", "PRIVATE"},
        {"192.168.1.1", "PRIVATE"}, {"fc00::1", "UNIQUE_LOCAL"}, {"fdff::1", "UNIQUE_LOCAL"},
        {"fec0::1", "UNIQUE_LOCAL"}, {"100.64.0.1", "SHARED"}, {"100.127.255.255", "SHARED"},
        {"224.0.0.1", "MULTICAST"}, {"239.255.255.250", "MULTICAST"}, {"ff02::1", "MULTICAST"},
        {"255.255.255.255", "RESERVED"}, {"240.0.0.1", "RESERVED"}, {"198.18.0.1", "RESERVED"},
        {"2001:db8::1", "RESERVED"}, {"8.8.8.8", "PUBLIC"}, {"172.32.0.1", "PUBLIC"}, {"100.128.0.1", "PUBLIC"},
        {"2606:4700::1111", "PUBLIC"},
        // an IPv4 address inside: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP
        {"::ffff:169.254.169.254", "LINK_LOCAL"}, {"::169.254.169.254", "LINK_LOCAL"},
        {"::ffff:0:10.0.0.1", "PRIVATE"}, {"64:ff9b::a9fe:a9fe", "LINK_LOCAL"}, {"64:ff9b::8.8.8.8", "PUBLIC"},
        {"64:ff9b:1::a9fe:a9fe", "LINK_LOCAL"}, {"64:ff9b:1:a9fe:a9:fe00::", "LINK_LOCAL"},
        {"2002:a9fe:a9fe::1", "LINK_LOCAL"}, {"2002:7f00:1::", "LOOPBACK"},
        {"2002:808:808::1", "PUBLIC"}, {"2001::1:0:5601:5601", "LINK_LOCAL"},
        {"2606:4700::5efe:127.0.0.1", "LOOPBACK"}, {"2606:4700::200:5efe:10.0.0.1", "PRIVATE"}
    };

    @Test
    public void kindsOfAddresses() throws Exception {
        for (String[] row : KINDS) {
            assertEquals(row[0], row[1], AddressKind.of(InetAddress.getByName(row[0])).name());
        }
    }

    @Test
    public void addressesInEveryNotation() {
        String[][] table = {
            {"127.1", "127.0.0.1"}, {"127.0.1", "127.0.0.1"}, {"2130706433", "127.0.0.1"}, {"0x7f000001", "127.0.0.1"},
            {"017700000001", "127.0.0.1"}, {"0x7f.0.0.0x1", "127.0.0.1"}, {"0177.0.0.1", "127.0.0.1"},
            {"127.0.0.1.", "127.0.0.1"}, {"0", "0.0.0.0"}, {"0x", "0.0.0.0"}, {"0xa9fea9fe", "169.254.169.254"},
            {"::ffff:7f00:1", "127.0.0.1"}, {"fe80::1%25", "fe80::1"}, {"fe80::1%eth0", "fe80::1"},
            {"0:0:0:0:0:0:0:1", "::1"}, {"1:0:0:2:0:0:0:3", "1:0:0:2::3"}, {"2001:db8:0:1::", "2001:db8:0:1::"}
        };
        for (String[] row : table) {
            assertEquals(row[0], row[1], HostAddress.text(HostAddress.of(row[0])));
        }
        for (String name : List.of("example.org", "1.example", "0x7g", "a.1b", "localhost", "7f000001x")) {
            assertEquals(name, null, HostAddress.of(name));
        }
        for (String none : List.of("1.2.3.4.5", "256.0.0.1", "1.2.3.08", "4294967296", "1..2", "::1::", "a.1", ":")) {
            assertThrows(none, IllegalArgumentException.class, () -> HostAddress.of(none));
        }
    }

    @Test
    public void whatIsNeverAllowed() {
        DestinationSettings open = new DestinationSettings(true, List.of("*", "0.0.0.0/0", "::/0"), List.of());
        for (String address : List.of("169.254.169.254", "fe80::1", "100.100.100.200", "fd00:ec2::254")) {
            assertTrue(address, message(open, "metadata", address).endsWith(", which is never allowed"));
        }
    }

    @Test
    public void internalAddressesAsThePolicyHasIt() throws Exception {
        for (String address : List.of("127.0.0.1", "10.1.2.3", "::1", "fd12::1", "100.64.0.1", "224.0.0.1", "0.0.0.0")) {
            permitted(DestinationSettings.INTERNAL, "h", address);
            assertTrue(message(DestinationSettings.PUBLIC, "h", address), message(DestinationSettings.PUBLIC, "h", address)
                    .endsWith(", and internal destinations are not allowed"));
        }
        permitted(DestinationSettings.PUBLIC, "h", "8.8.8.8");
        assertEquals(
                "'db' (10.0.0.1) is a private address, and internal destinations are not allowed",
                message(DestinationSettings.PUBLIC, "db", "10.0.0.1"));
    }

    @Test
    public void rulesByHostAndAddress() throws Exception {
        DestinationSettings policy = new DestinationSettings(
                false, List.of("*.corp.example", "10.1.0.0/16", "fd00:1::/32"), List.of("*.example", "8.8.8.0/24", "::/0"));
        permitted(policy, "git.corp.example", "10.9.9.9");
        permitted(policy, "git.corp.example.", "10.9.9.9");
        permitted(policy, "anything", "10.1.2.3");
        permitted(policy, "anything", "fd00:1::7");
        assertTrue(message(policy, "other", "10.2.0.1").contains("private"));
        assertEquals("'www.example' is refused by the administrator's rules", message(policy, "www.example", "9.9.9.9"));
        assertTrue(message(policy, "dns", "8.8.8.8").contains("rules"));
        assertTrue(message(policy, "six", "2606:4700::1").contains("rules"));
        permitted(policy, "dns", "9.9.9.9");
    }

    @Test
    public void onlyPermittedAddressesAreLeft() throws Exception {
        InetAddress[] mixed = {InetAddress.getByName("10.0.0.1"), InetAddress.getByName("9.9.9.9")};
        assertEquals(
                List.of(InetAddress.getByName("9.9.9.9")),
                new DestinationGuard(DestinationSettings.PUBLIC).permitted("h", mixed));
    }

    @Test
    public void namesThatOnlyAProxyLooksUp() throws Exception {
        DestinationGuard guard = new DestinationGuard(new DestinationSettings(false, List.of(), List.of("*.bad")));
        guard.checkUnresolved("example.org");
        for (String host : List.of("127.0.0.1", "169.254.169.254", "localhost", "x.localhost.", "a.bad", "::1")) {
            assertThrows(host, BlockedException.class, () -> guard.checkUnresolved(host));
        }
        DestinationGuard generous = new DestinationGuard(new DestinationSettings(true, List.of("*"), List.of()));
        for (String host : List.of("metadata.google.internal", "metadata.google.internal.", "169.254.169.254")) {
            assertThrows(host, BlockedException.class, () -> generous.checkUnresolved(host));
        }
    }

    @Test
    public void rulesBeyondAsciiMeanTheHostsThatRequestsGoTo() throws Exception {
        DestinationSettings policy = new DestinationSettings(true, List.of(), List.of("*.Faß.example", "Bücher.*", "ａ.example"));
        for (String host : List.of("www.xn--fa-hia.example", "xn--bcher-kva.example", "a.example")) {
            assertEquals("'" + host + "' is refused by the administrator's rules", message(policy, host, "9.9.9.9"));
        }
        new DestinationGuard(policy).check("www.fass.example", InetAddress.getByName("9.9.9.9"));
    }

    @Test
    public void rulesThatAreNone() {
        for (String rule : List.of("", "bü*.example", "℀.example", "a b", "10.0.0.0/33", "10.0.0.0/x", "example.org/8", "http://a", "::/129", "a/b")) {
            assertThrows(
                    rule,
                    IllegalArgumentException.class,
                    () -> new DestinationSettings(true, List.of(rule), List.of()));
        }
    }

    private static void permitted(DestinationSettings policy, String host, String address) throws Exception {
        assertEquals(
                1,
                new DestinationGuard(policy).permitted(host, new InetAddress[] {InetAddress.getByName(address)}).size());
    }

    private static String message(DestinationSettings policy, String host, String address) {
        return assertThrows(BlockedException.class, () -> permitted(policy, host, address)).getMessage();
    }
}
