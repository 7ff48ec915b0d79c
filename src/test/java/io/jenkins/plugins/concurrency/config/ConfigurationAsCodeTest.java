package io.jenkins.plugins.concurrency.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.ConfiguredWithCode;
import io.jenkins.plugins.casc.misc.JenkinsConfiguredWithCodeRule;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.casc.model.CNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** {@code unclassified: concurrencySteps:} has every field of the page. */
public class ConfigurationAsCodeTest {

    @Rule
    public final JenkinsConfiguredWithCodeRule jenkins = new JenkinsConfiguredWithCodeRule();

    @Test
    @ConfiguredWithCode("configuration.yaml")
    public void everyFieldIsLoaded() {
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        StepDefaults defaults = configuration.getDefaults();
        assertEquals(
                List.of(32, 4, 3, 45.5, 2, 12),
                List.of(
                        defaults.getConcurrency(),
                        defaults.getPerHost(),
                        defaults.getRetries(),
                        defaults.getTimeout(),
                        defaults.getWorkers(),
                        defaults.getThreads()));
        assertEquals(2.5, defaults.getRate(), 0);
        StepLimits limits = configuration.getLimits();
        assertEquals(
                List.of(500, 20, 5, 7200.0, 8, 64),
                List.of(
                        limits.getConcurrency(),
                        limits.getPerHost(),
                        limits.getRetries(),
                        limits.getTimeout(),
                        limits.getWorkers(),
                        limits.getThreads()));
        assertEquals(100, limits.getRate(), 0);
        assertTrue(configuration.getController().getInternal());
        assertEquals(
                List.of("*.example.org", "10.1.0.0/16"),
                configuration.getController().policy().allowed());
        assertEquals(List.of("10.0.0.0/8"), configuration.getController().policy().refused());
        assertFalse(configuration.getAgents().getInternal());
        assertEquals(List.of("artifacts.example.org"), configuration.getAgents().policy().allowed());
        assertEquals(List.of("*"), configuration.getAgents().policy().refused());
        SizeLimits sizes = configuration.getSizes();
        assertEquals(
                List.of(512, 2048, 64, 256),
                List.of(sizes.getText(), sizes.getBody(), sizes.getOutput(), sizes.getJournal()));
        assertEquals(300, configuration.getControllerConnections());
        assertEquals(40, configuration.getControllerTasks());
        StoredConfigurationTest.assertNotTheDefaults(configuration);
    }

    @Test
    @ConfiguredWithCode("configuration.yaml")
    public void everyFieldIsExported() throws Exception {
        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        CNode exported = Util.getUnclassifiedRoot(context).get("concurrencySteps");
        assertEquals(
                Util.toStringFromYamlFile(this, "configuration-export.yaml"), Util.toYamlString(exported));
    }

    @Test
    @ConfiguredWithCode("configuration.yaml")
    public void whatAGroupLeavesOutHasItsDefaultAndGroupsThatAreLeftOutStay() throws Exception {
        ConfigurationAsCode.get().configure(getClass().getResource("configuration-part.yaml").toString());
        ConcurrencyConfiguration configuration = ConcurrencyConfiguration.get();
        assertEquals(1, configuration.getDefaults().getRetries());
        assertEquals(64, configuration.getDefaults().getConcurrency());
        assertEquals(0, configuration.getLimits().getWorkers());
        assertEquals(512, configuration.getSizes().getText());
        assertEquals(600, configuration.getAgentTimeout());
    }

    @Test
    @ConfiguredWithCode("node-limits.yaml")
    public void theLimitsOfANodeAreLoadedAndExported() throws Exception {
        NodeLimitsProperty large = jenkins.jenkins.getNode("large").getNodeProperty(NodeLimitsProperty.class);
        assertEquals(Integer.valueOf(32), large.getProcesses());
        assertEquals(Integer.valueOf(24_576), large.getMemory());
        NodeLimitsProperty open = jenkins.jenkins.getNode("open").getNodeProperty(NodeLimitsProperty.class);
        assertEquals(Integer.valueOf(0), open.getProcesses());
        assertNull(open.getMemory());
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        String yaml = exported.toString(StandardCharsets.UTF_8);
        assertTrue(yaml, yaml.contains("concurrencyLimits:\n") && yaml.contains("processes: 32"));
    }

    @Test
    public void whatMakesNoSenseIsRefusedWithTheReason() {
        String yaml = getClass().getResource("configuration-wrong.yaml").toString();
        ConfiguratorException refused = assertThrows(
                ConfiguratorException.class, () -> ConfigurationAsCode.get().configure(yaml));
        StringBuilder told = new StringBuilder();
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            told.append(cause.getMessage()).append('\n');
        }
        assertTrue(told.toString(), told.toString().contains("allow: line 2: '10.0.0.0/99' is not an address range"));
    }
}
