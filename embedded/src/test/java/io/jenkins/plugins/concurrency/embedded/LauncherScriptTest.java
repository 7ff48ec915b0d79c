package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** The script {@code run}, in a copy of its folder whose name has a space in it. */
public class LauncherScriptTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Path original = Path.of(System.getProperty("embedded.basedir"));
    private final Path jar = Path.of(System.getProperty("embedded.jar"));
    private Path copy;
    private Path bin;

    /** What the script wrote, line by line, and its exit status. */
    private record Outcome(int status, List<String> lines) {}

    @Before
    public void makeCopy() throws IOException {
        copy = folder.newFolder("a copy", "embedded").toPath();
        bin = folder.newFolder("bin").toPath();
        for (String name : List.of("run", "setup.sh", "pom.xml")) {
            Files.copy(original.resolve(name), copy.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (String tool : List.of("bash", "dirname", "readlink", "sed", "find", "head", "cat", "mkdir", "rm", "touch", "mv", "ln", "sleep")) {
            link(tool);
        }
    }

    private void link(String tool) throws IOException {
        Path program = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
        Files.createSymbolicLink(bin.resolve(tool), program);
    }

    private void fake(String tool, String script) throws IOException {
        Path file = Files.writeString(bin.resolve(tool), "#!/bin/sh\n" + script + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    /** Makes the copy look set up. */
    private void pretendSetUp() throws IOException {
        Path target = Files.createDirectories(copy.resolve("target"));
        for (String name : List.of("classes", "hpi")) {
            Path built = original.resolve("target").resolve(name);
            if (Files.exists(built)) {
                Files.createSymbolicLink(target.resolve(name), built);
            }
        }
        Files.copy(original.resolve("target/classpath"), target.resolve("classpath"));
        Files.createFile(target.resolve("setup.stamp"));
    }

    private Outcome run(String javaHome, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(copy.resolve("run").toString()), Stream.of(arguments)).toList());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", bin.toString());
        environment.remove("JAVA_HOME");
        if (javaHome != null) {
            environment.put("JAVA_HOME", javaHome);
        }
        Process process = builder.directory(folder.getRoot()).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().collect(Collectors.toList());
        return new Outcome(process.waitFor(), lines);
    }

    @Test
    public void helpNeedsNothing() throws Exception {
        Outcome outcome = run(null, "--help");
        assertEquals(0, outcome.status());
        assertTrue(outcome.lines().get(0), outcome.lines().get(0).startsWith("Usage: embedded/run "));
    }

    @Test
    public void whatIsSetUpNeedsNoMaven() throws Exception {
        pretendSetUp();
        fake("mvn", "echo 'Maven was called'");
        Files.writeString(folder.newFolder("my files").toPath().resolve("x y.Jenkinsfile"), "echo \"hi ${params.who}\"");
        Outcome outcome = run(System.getProperty("java.home"), "my files/x y.Jenkinsfile", "who=you there");
        assertEquals(String.join("\n", outcome.lines()), 0, outcome.status());
        assertEquals("hi you there", outcome.lines().get(3));
        assertEquals("Finished: SUCCESS", outcome.lines().get(outcome.lines().size() - 1));
    }

    @Test
    public void agentsGetThePluginsJarAsItIs() throws Exception {
        pretendSetUp();
        Files.writeString(folder.getRoot().toPath().resolve("x.Jenkinsfile"), "node { cpuPool tasks: ['true'] }");
        Outcome outcome = run(System.getProperty("java.home"), "x.Jenkinsfile");
        assertEquals(String.join("\n", outcome.lines()), 0, outcome.status());
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
        String copied = HexFormat.of().formatHex(hash) + ".jar";
        try (Stream<Path> files = Files.walk(copy.resolve("target/home"))) {
            assertTrue(copied, files.anyMatch(file -> file.endsWith(copied)));
        }
    }

    /** Without these Jenkins takes its classes for nobody's, and neither keeps nor reads their objects. */
    @Test
    public void theJarSaysWhichPluginItIsOf() throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes attributes = file.getManifest().getMainAttributes();
            assertEquals("concurrency-steps", attributes.getValue("Short-Name"));
            assertNotNull(attributes.getValue("Plugin-Version"));
            assertNotNull(attributes.getValue("Jenkins-Version"));
        }
    }

    @Test
    public void changedSourcesAreCompiled() throws Exception {
        pretendSetUp();
        fake("mvn", "case $1 in -v) echo 'Apache Maven 3.9.9 (x)' ;; *) echo broken; exit 1 ;; esac");
        Path stamp = copy.resolve("target/setup.stamp");
        Files.setLastModifiedTime(stamp, java.nio.file.attribute.FileTime.fromMillis(0));
        Outcome outcome = run(System.getProperty("java.home"), "x.Jenkinsfile");
        assertEquals(
                List.of("embedded: setting up with Maven ...", "broken",
                        "embedded: Maven could not set this up (see above)"),
                outcome.lines());
        assertEquals(64, outcome.status());
    }

    @Test
    public void missingJava() throws Exception {
        assertEquals(
                new Outcome(64, List.of("embedded: no Java found; install a JDK 17 or later, or set JAVA_HOME")),
                run(null, "x"));
        assertEquals(
                new Outcome(64, List.of("embedded: no Java in JAVA_HOME (/nowhere); set it to a JDK 17 or later")),
                run("/nowhere", "x"));
    }

    @Test
    public void oldJava() throws Exception {
        fake("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
        assertEquals(
                new Outcome(64, List.of("embedded: Java 11 at " + bin.resolve("java")
                        + " is too old; install a JDK 17 or later, or set JAVA_HOME")),
                run(null, "x"));
    }

    @Test
    public void missingMaven() throws Exception {
        assertEquals(
                new Outcome(64, List.of("embedded: no Maven found; install Maven 3.8 or later")),
                run(System.getProperty("java.home"), "x"));
    }

    @Test
    public void oldMaven() throws Exception {
        fake("mvn", "echo 'Apache Maven 3.6.3 (x)'");
        assertEquals(
                new Outcome(64, List.of("embedded: Maven 3.6 at " + bin.resolve("mvn")
                        + " is too old; install Maven 3.8 or later")),
                run(System.getProperty("java.home"), "x"));
    }
}
