package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.pool.local.TaskEnvironment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.Test;

public class NetworkOptionsTest {

    private final Properties own = new Properties();

    @Test
    public void ofAJvmThatWasToldNothing() {
        Map<String, String> environment = new HashMap<>();
        NetworkOptions.addTo(environment, own);
        assertEquals(List.of(), NetworkOptions.options(own));
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
                NetworkOptions.options(own));
        Map<String, String> environment = new HashMap<>();
        NetworkOptions.addTo(environment, own);
        Properties other = new Properties();
        NetworkOptions.adopt(new TaskEnvironment(environment), other);
        assertEquals("pa55", other.getProperty("javax.net.ssl.trustStorePassword"));
    }

    @Test
    public void whatIsAboutNetworksAndNoSecretIsHandedOn() {
        own.setProperty("java.net.preferIPv6Addresses", "system");
        own.setProperty("jdk.tls.client.protocols", "TLSv1.2");
        own.setProperty("https.protocols", "TLSv1.2");
        own.setProperty("java.security.properties", "=fips.security");
        own.setProperty("javax.net.ssl.keyStore", "own.p12");
        own.setProperty("javax.net.ssl.keyStorePassword", "pa55");
        own.setProperty("com.sun.net.password", "pa55");
        own.setProperty("java.io.tmpdir", "/elsewhere");
        own.setProperty("hudson.slaves.WorkspaceList", "@");
        assertEquals(
                List.of(
                        "-Dhttps.protocols=TLSv1.2",
                        "-Djava.net.preferIPv6Addresses=system",
                        "-Djava.security.properties==" + Path.of("fips.security").toAbsolutePath(),
                        "-Djdk.tls.client.protocols=TLSv1.2"),
                NetworkOptions.options(own));
    }

    @Test
    public void aStoreThatIsNoFileStaysNone() {
        own.setProperty("javax.net.ssl.trustStore", "NONE");
        assertEquals(List.of("-Djavax.net.ssl.trustStore=NONE"), NetworkOptions.options(own));
    }
}
