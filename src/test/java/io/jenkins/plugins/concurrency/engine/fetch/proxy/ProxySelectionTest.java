package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ProxySelectionTest {

    @Test
    public void eachSchemeHasItsOwnOrTheCommonOne() {
        ProxySelection proxies = of(Map.of("https_proxy", "p.example:3128", "ALL_PROXY", "http://all.example"));
        assertEquals("p.example:3128", proxies.forSecure().origin().hostAndPort());
        assertEquals("all.example:1080", proxies.forPlain().origin().hostAndPort());
        assertEquals(
                List.of(
                        "http requests go through the proxy all.example:1080 (all_proxy of the environment)",
                        "https requests go through the proxy p.example:3128 (https_proxy of the environment)"),
                proxies.notes());
        assertNull(of(Map.of("https_proxy", "p.example:3128")).forPlain());
        assertEquals(ProxySelection.NONE, of(Map.of("http_proxy", " ")));
    }

    @Test
    public void whatIsExcluded() {
        Proxy proxy = of(Map.of(
                        "http_proxy", "http://p.example:1", "no_proxy", "a.example,.b.example 10.0.0.0/8, 192.168.1.7,[::1]"))
                .forPlain();
        for (String host : List.of("a.example", "x.a.example", "b.example", "x.B.example.", "10.9.8.7", "192.168.1.7")) {
            assertFalse(host, proxy.serves(host));
        }
        for (String host : List.of("aa.example", "a.example.com", "11.0.0.1", "192.168.1.70", "0.168.1.7")) {
            assertTrue(host, proxy.serves(host));
        }
        assertFalse(of(Map.of("http_proxy", "http://p.example:1", "no_proxy", "*")).forPlain().serves("a.example"));
    }

    @Test
    public void whatCannotBeUsedIsSaidWithoutItsPassword() {
        ProxySelection proxies = of(Map.of("http_proxy", "socks5://me:pa55@p.example:1080", "https_proxy", "http://me:pa#55@p.example:x"));
        assertNull(proxies.forPlain());
        assertNull(proxies.forSecure());
        assertEquals(
                List.of(
                        "http_proxy of the environment is not used: its proxy is of the kind 'socks5'; only http is supported",
                        "https_proxy of the environment is not used: 'p.example:x' is not the address of a proxy"),
                proxies.notes());
        assertFalse(of(Map.of("http_proxy", "me:pa55@p.example:1")).notes().toString().contains("pa55"));
    }

    @Test
    public void otherPasswordsHaveOtherConnections() {
        assertEquals(of(Map.of("http_proxy", "u:a@p:1")), of(Map.of("http_proxy", "u:a@p:1")));
        assertNotEquals(of(Map.of("http_proxy", "u:a@p:1")), of(Map.of("http_proxy", "u:b@p:1")));
    }

    private static ProxySelection of(Map<String, String> variables) {
        return ProxySelection.ofEnvironment(variables::get);
    }
}
