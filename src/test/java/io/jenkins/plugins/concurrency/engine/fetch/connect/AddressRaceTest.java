package io.jenkins.plugins.concurrency.engine.fetch.connect;

import static org.junit.Assert.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;

public class AddressRaceTest {

    @Test
    public void familiesTakeTurns() throws Exception {
        assertEquals(
                addresses("::1", "10.0.0.1", "::2", "10.0.0.2", "::3"),
                AddressRace.inOrder(addresses("::1", "::2", "::3", "10.0.0.1", "10.0.0.2"), null));
    }

    @Test
    public void whatWorkedComesFirst() throws Exception {
        List<InetAddress> all = addresses("::1", "::2", "10.0.0.1", "10.0.0.2");
        assertEquals(
                addresses("10.0.0.2", "::1", "10.0.0.1", "::2"),
                AddressRace.inOrder(all, InetAddress.getByName("10.0.0.2")));
        assertEquals(
                "it is not theirs any more",
                addresses("::1", "10.0.0.1", "::2", "10.0.0.2"),
                AddressRace.inOrder(all, InetAddress.getByName("10.0.0.3")));
    }

    private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
        InetAddress[] all = new InetAddress[texts.length];
        for (int i = 0; i < texts.length; i++) {
            all[i] = InetAddress.getByName(texts[i]);
        }
        return Arrays.asList(all);
    }
}
