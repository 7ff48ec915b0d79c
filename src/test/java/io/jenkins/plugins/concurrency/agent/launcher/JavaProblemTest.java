package io.jenkins.plugins.concurrency.agent.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is said of a Java that will not do. */
public class JavaProblemTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static String problem(int exitCode, String output) {
        return LauncherJava.problem(exitCode, new OutputTail(output, false));
    }

    @Test
    public void aJavaIsTakenByItsVersion() {
        assertNull(problem(0, "openjdk version \"17.0.15\" 2025-04-15\nOpenJDK …"));
        assertNull(problem(0, "Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"25\" 2025-09-16"));
        assertEquals(
                "'java -version' ends with exit code 0 and says: java version \"1.8.0_402\"; Java(TM)",
                problem(0, "java version \"1.8.0_402\"\n Java(TM)\n"));
        assertEquals("'java -version' ends with exit code 127 and says: sh: java: not found", problem(127, "sh: java: not found\n"));
    }

    @Test
    public void anAgentNeedsTheProgramOfItsOwnJava() {
        assertNull(RunLocation.AgentJava.problem(Path.of(System.getProperty("java.home"))));
        Path home = folder.getRoot().toPath();
        assertTrue(RunLocation.AgentJava.problem(home).startsWith("there is no program " + home));
    }
}
