package io.jenkins.plugins.concurrency.engine.process;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import groovy.lang.GroovySystem;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionChannel;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionMain;
import io.jenkins.plugins.concurrency.engine.pool.function.JvmCommand;
import io.jenkins.plugins.concurrency.engine.supervisor.ClassArchiveMain;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.config.H2Config;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.slf4j.Logger;

/** Archives of classes are made in the background, used while they fit, and never in the way. */
public class ClassArchiveTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Timeout timeout = Timeout.seconds(300);

    /** How a supervisor's JVM knows its archive. */
    private static final String ARCHIVE = "io.jenkins.plugins.concurrency.archive";

    private static final String OWNER = "0123abcd";

    private Path jar;

    /** What the archive is made of, and what uses it. */
    public static final class Greeting {
        private Greeting() {}

        public static void main(String[] args) {
            System.out.println("hello");
        }
    }

    @Before
    public void packJar() throws Exception {
        Assume.assumeTrue("archives are made by a POSIX shell", File.separatorChar == '/');
        jar = folder.getRoot().toPath().resolve("greeting.jar");
        String name = Greeting.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(name));
            out.write(Greeting.class.getClassLoader().getResourceAsStream(name).readAllBytes());
        }
    }

    private ClassArchive archive() {
        return ClassArchive.of(jar.toString(), OWNER).orElseThrow();
    }

    private static void usedFor(Duration time, ClassArchive archive) throws Exception {
        Path wanted = archive.file().resolveSibling(archive.file().getFileName() + ".wanted.partial");
        Files.setLastModifiedTime(wanted, FileTime.from(Instant.now().minus(time)));
    }

    private ClassArchive made() throws Exception {
        return made(archive(), Greeting.class);
    }

    private static ClassArchive made(ClassArchive archive, Class<?> main) throws Exception {
        archive.createWhenUseful(main);
        usedFor(Duration.ofMinutes(2), archive);
        archive.createWhenUseful(main);
        archive.createWhenUseful(main); // somebody else at the same time
        while (!archive.isKnown()) {
            TimeUnit.MILLISECONDS.sleep(20); // another process makes it
        }
        return archive;
    }

    private String say(List<String> options, String... more) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(TestJvm.PROGRAM);
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        command.addAll(List.of(more));
        command.addAll(List.of("-cp", jar.toString(), Greeting.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(said, 0, process.waitFor());
        return said;
    }

    @Test
    public void jarsThatAreUsedForTheFirstTimeGetNone() throws Exception {
        archive().createWhenUseful(Greeting.class);
        archive().createWhenUseful(Greeting.class);
        try (var files = Files.list(folder.getRoot().toPath())) {
            assertEquals("nobody has begun to make one", 2, files.count());
        }
        assertNull(archive().verified(null, true));
    }

    @Test
    public void jarsInUseGetOneThatAJvmTakes() throws Exception {
        ClassArchive archive = made();
        List<String> options = ClassArchive.options(jar.toString(), OWNER, archive.verified(null, false));
        assertTrue(options.toString(), options.contains("-XX:SharedArchiveFile=" + archive.file()));
        assertEquals("hello\n", say(options));
        String loaded = say(List.of("-XX:SharedArchiveFile=" + archive.file(), "-Xlog:class+load"));
        assertTrue(loaded, loaded.contains(Greeting.class.getName() + " source: shared objects file (top)"));
    }

    @Test
    public void oneThatDoesNotFitIsIgnoredWithoutAWord() throws Exception {
        ClassArchive archive = made();
        List<String> options = ClassArchive.options(jar.toString(), OWNER, archive.verified(null, false));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(10)));
        assertEquals("of another time", "hello\n", say(options));
        assertFalse("another is made for it", archive.equals(archive()));
        assertNull(archive().verified(null, true));
        assertTrue(archive.file().toFile().setWritable(true));
        Files.writeString(archive.file(), "damaged");
        assertEquals("damaged", "hello\n", say(options));
        Files.delete(archive.file());
        assertEquals("missing", "hello\n", say(options));
    }

    @Test
    public void oneThatWasWrittenBySomebodyElseIsThrownAway() throws Exception {
        ClassArchive archive = made();
        String hash = archive.verified(null, false);
        assertEquals("as this process knows it", hash, archive.verified("0".repeat(64), false));
        assertTrue(archive.file().toFile().setWritable(true));
        Files.write(archive.file(), new byte[] {1}, StandardOpenOption.APPEND);
        assertEquals("nobody is told to use it", List.of(), ClassArchive.options(jar.toString(), OWNER, hash));
        assertNull(archive.verified(hash, true));
        assertFalse(Files.exists(archive.file()));
    }

    @Test
    public void oneOfAnotherOwnerIsLeftAlone() throws Exception {
        ClassArchive archive = made();
        String hash = archive.verified(null, false);
        ClassArchive of = ClassArchive.of(jar.toString(), "4567abcd").orElseThrow();
        assertNull(of.verified(null, true));
        of.discard();
        assertEquals("for who knows it", hash, archive.verified(hash, false));
    }

    @Test
    public void oneOfWhichNothingIsKnownIsTakenOnlyWhereThatWasSaid() throws Exception {
        ClassArchive archive = archive();
        Files.writeString(archive.file(), "of an earlier process");
        String hash = archive.verified(null, true);
        assertEquals(FileHash.of(archive.file()), hash);
        assertEquals("as it is remembered", hash, archive.verified(hash, false));
        assertNull(archive.verified(null, false));
        assertFalse(Files.exists(archive.file()));
        Files.createSymbolicLink(archive.file(), jar);
        assertNull("a link leads to what nobody has looked at", archive.verified(FileHash.of(jar), true));
        assertFalse(Files.exists(archive.file(), LinkOption.NOFOLLOW_LINKS));
        assertTrue(Files.exists(jar));
    }

    /** What the archive was made with and what uses it must agree in more than the jars. */
    @Test
    public void aFunctionsJvmTakesGroovyFromTheArchive() throws Exception {
        List<Path> jars = new ArrayList<>();
        for (Class<?> in : List.of(
                FunctionMain.class, GroovySystem.class, JsonFactory.class, HttpAsyncClients.class, Header.class, H2Config.class, Logger.class)) {
            jars.add(jarOf(Path.of(in.getProtectionDomain().getCodeSource().getLocation().toURI())));
        }
        String classPath = String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
        ClassArchive archive = made(ClassArchive.of(classPath, OWNER).orElseThrow(), ClassArchiveMain.class);
        System.setProperty(ARCHIVE, OWNER + ":" + archive.verified(null, false));
        List<String> command;
        try {
            command = new ArrayList<>(JvmCommand.of(
                    TestJvm.PROGRAM, List.of(), classPath, new WorkerStart.Program.Functions(64, 1), FunctionChannel.standard()));
        } finally {
            System.clearProperty(ARCHIVE);
        }
        Path log = folder.getRoot().toPath().resolve("classes.log");
        command.add(command.indexOf("-cp"), "-Xlog:class+load:file=" + log);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CONCURRENCY_STEPS_FILES", folder.getRoot().toString());
        Process worker = builder.start();
        worker.getOutputStream().write(("{\"function\":\"input + 1\",\"classPath\":[],\"callsAtOnce\":1,\"outputBytes\":-1}\n"
                        + "{\"requestId\":1,\"index\":0,\"input\":1}\n")
                .getBytes(StandardCharsets.UTF_8));
        worker.getOutputStream().close();
        String answers = new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(answers, answers.contains("\"value\":2"));
        long found = Files.readAllLines(log).stream()
                .filter(line -> line.contains("groovy") && line.contains("shared objects file (top)"))
                .count();
        assertTrue(found + " classes of Groovy", found > 400);
    }

    private Path jarOf(Path classes) throws Exception {
        Path made = folder.getRoot().toPath().resolve(classes.getFileName() + (Files.isDirectory(classes) ? ".jar" : ""));
        if (!Files.isDirectory(classes)) {
            return Files.copy(classes, made);
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(made));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return made;
    }

    @Test
    public void foldersOfClassesHaveNone() {
        assertTrue(ClassArchive.of(folder.getRoot().toString(), OWNER).isEmpty());
        assertTrue(ClassArchive.of(System.getProperty("java.class.path"), OWNER).isEmpty());
        assertTrue(ClassArchive.of("", OWNER).isEmpty());
    }
}
