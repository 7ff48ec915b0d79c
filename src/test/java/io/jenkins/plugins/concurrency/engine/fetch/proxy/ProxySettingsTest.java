package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public class ProxySettingsTest {

    @Test
    public void namesBeyondAsciiMeanTheHostsThatRequestsGoTo() {
        List<String> direct = List.of("B\u00fccher\\.example", ".*\\.fa\u00df\\.example", "10\\..*", "b\u00fc.*\\.other");
        ProxySettings settings = new ProxySettings("Prox\u00fc.example", 3128, null, direct);
        assertEquals("xn--prox-3ra.example", settings.host());
        Proxy proxy = new Proxy(settings, null);
        for (String host : List.of("xn--bcher-kva.example", "a.xn--fa-hia.example", "10.0.0.1")) {
            assertFalse(host, proxy.serves(host));
        }
        for (String host : List.of("a.fass.example", "xn--bcher-kva-example", "11.0.0.1")) {
            assertTrue(host, proxy.serves(host));
        }
        assertThrows(IllegalArgumentException.class, () -> new ProxySettings("\u00fc\u200c", 80, null, List.of()));
    }
}
