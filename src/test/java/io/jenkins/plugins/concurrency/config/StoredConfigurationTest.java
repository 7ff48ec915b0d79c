package io.jenkins.plugins.concurrency.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Configuration files of other versions, and such that somebody has edited. */
public class StoredConfigurationTest {

    private static final String FILE = "io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration.xml";

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    /** What Jenkins would have after a start with the file. */
    private ConcurrencyConfiguration started(String name) throws Exception {
        Path file = jenkins.jenkins.getRootDir().toPath().resolve(FILE);
        try (InputStream stored = getClass().getResourceAsStream(name)) {
            Files.write(file, stored.readAllBytes());
        }
        return new ConcurrencyConfiguration();
    }

    @Test
    public void theFileOfTheFirstVersionIsLoaded() throws Exception {
        ConcurrencyConfiguration configuration = started("stored.xml");
        assertEquals(32, configuration.getDefaults().getConcurrency());
        assertEquals(0, configuration.getDefaults().getTimeout(), 0);
        assertEquals(2.5, configuration.getDefaults().getRate(), 0);
        assertEquals(7200, configuration.getLimits().getTimeout(), 0);
        assertEquals(List.of("*.example.org", "10.1.0.0/16"), configuration.getController().policy().allowed());
        assertEquals(List.of("*"), configuration.getAgents().policy().refused());
        assertNotTheDefaults(configuration);
    }

    /** What stands on its own in the files of tests. */
    static void assertNotTheDefaults(ConcurrencyConfiguration configuration) {
        assertTrue(configuration.isAllowIgnoreTls());
        assertEquals(512, configuration.getSizes().getText());
        assertEquals(600, configuration.getAgentTimeout());
        assertEquals(512, configuration.getSupervisorHeap());
        assertEquals(List.of(6, 3_000), List.of(configuration.getAgentProcesses(), configuration.getAgentMemory()));
        assertEquals(45, configuration.getSupervisorIdle());
        assertTrue(configuration.isProxyPasswordOnAgents());
        assertFalse(configuration.isEnvironmentProxy());
        assertFalse(configuration.isClassArchives());
        assertFalse(configuration.isSupervisorEarly());
    }

    @Test
    public void whatAFileLacksHasItsDefault() throws Exception {
        ConcurrencyConfiguration configuration = started("stored-missing.xml");
        assertEquals(7, configuration.getDefaults().getRetries());
        assertEquals(64, configuration.getDefaults().getConcurrency());
        assertEquals(60, configuration.getDefaults().getTimeout(), 0);
        assertEquals(0, configuration.getLimits().getConcurrency());
        assertFalse(configuration.getController().getInternal());
        assertEquals("", configuration.getController().getAllow());
        assertEquals(List.of("10.0.0.0/8"), configuration.getController().policy().refused());
        assertTrue(configuration.getAgents().getInternal());
        assertEquals(1024, configuration.getSizes().getText());
        assertEquals(100, configuration.getSizes().getJournal());
        assertEquals(3600, configuration.getAgentTimeout());
        assertEquals(256, configuration.getSupervisorHeap());
        assertEquals(15, configuration.getSupervisorIdle());
        assertFalse(configuration.isProxyPasswordOnAgents());
        assertTrue(configuration.isEnvironmentProxy());
        assertTrue(configuration.isClassArchives());
        assertTrue(configuration.isSupervisorEarly());
    }

    @Test
    public void whatIsUnknownIsLeftOut() throws Exception {
        ConcurrencyConfiguration configuration = started("stored-unknown.xml");
        assertEquals(16, configuration.getDefaults().getConcurrency());
        assertEquals(List.of("example.org"), configuration.getController().policy().allowed());
        assertEquals(120, configuration.getAgentTimeout());
    }

    @Test
    public void aRuleThatSomebodyHasSpoiledLetsNothingThrough() throws Exception {
        ConcurrencyConfiguration configuration = started("stored-spoiled.xml");
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> configuration.getController().policy());
        assertTrue(refused.getMessage(), refused.getMessage().contains("10.0.0.0/99"));
    }

    @Test
    public void whatIsSavedIsThereAfterAStart() {
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        configuration.getLimits().setRate(0.5);
        configuration.getAgents().setRefuse("*.example.com\n# not there\nfd00::/8");
        configuration.setSupervisorHeap(128);
        configuration.save();
        ConcurrencyConfiguration again = new ConcurrencyConfiguration();
        assertEquals(0.5, again.getLimits().getRate(), 0);
        assertEquals("*.example.com\n# not there\nfd00::/8", again.getAgents().getRefuse());
        assertEquals(List.of("*.example.com", "fd00::/8"), again.getAgents().policy().refused());
        assertEquals(128, again.getSupervisorHeap());
    }
}
