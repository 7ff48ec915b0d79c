package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.Test;

public class TrustStoreTest {

    private final Properties own = new Properties();

    @Test
    public void ofAJvmThatWasToldNothing() {
        Map<String, String> environment = new HashMap<>();
        TrustStore.addTo(environment, own);
        assertEquals(List.of(), TrustStore.options(own));
        assertEquals(Map.of(), environment);
    }

    @Test
    public void isHandedOnWithoutItsPasswordInTheOptions() {
        own.setProperty("javax.net.ssl.trustStore", "certs/company.p12");
        own.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
        own.setProperty("javax.net.ssl.trustStorePassword", "pa55");
        assertEquals(
                List.of(
                        "-Djavax.net.ssl.trustStore=" + Path.of("certs/company.p12").toAbsolutePath(),
                        "-Djavax.net.ssl.trustStoreType=PKCS12"),
                TrustStore.options(own));
        Map<String, String> environment = new HashMap<>();
        TrustStore.addTo(environment, own);
        Properties other = new Properties();
        TrustStore.adopt(new TaskEnvironment(environment), other);
        assertEquals("pa55", other.getProperty("javax.net.ssl.trustStorePassword"));
    }

    @Test
    public void aStoreThatIsNoFileStaysNone() {
        own.setProperty("javax.net.ssl.trustStore", "NONE");
        assertEquals(List.of("-Djavax.net.ssl.trustStore=NONE"), TrustStore.options(own));
    }
}
