package io.jenkins.plugins.concurrency.agent.jars;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.FilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class AgentClassPathTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<HashedJar> jars = new ArrayList<>();
    private Path cache;

    @Before
    public void makeJars() throws IOException {
        cache = folder.getRoot().toPath().resolve("caches/concurrency-steps");
        for (int i = 0; i < 3; i++) {
            byte[] content = new byte[1_000_000];
            new Random(i).nextBytes(content);
            jars.add(HashedJar.of(Files.write(folder.newFile().toPath(), content)));
        }
    }

    private void install() throws IOException, InterruptedException {
        AgentClassPath.install(new FilePath(cache.toFile()), jars);
    }

    private Path copy(HashedJar jar) {
        return cache.resolve(jar.cacheName());
    }

    private void assertWhole() throws IOException {
        for (HashedJar jar : jars) {
            assertArrayEquals(Files.readAllBytes(jar.file()), Files.readAllBytes(copy(jar)));
        }
        try (Stream<Path> files = Files.list(cache)) {
            assertEquals("nothing else is left", jars.size(), files.count());
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    @Test
    public void runsThatCopyAtOnceAllGetWholeJars() throws Exception {
        int runs = 8;
        CyclicBarrier together = new CyclicBarrier(runs);
        ExecutorService threads = Executors.newFixedThreadPool(runs);
        try {
            List<Future<?>> installs = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                installs.add(threads.submit(() -> {
                    together.await();
                    install();
                    return null;
                }));
            }
            for (Future<?> install : installs) {
                install.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertWhole();
    }

    @Test
    public void aTruncatedCopyIsRepaired() throws Exception {
        install();
        Path truncated = copy(jars.get(1));
        Files.write(truncated, new byte[100]);
        install();
        assertWhole();
    }

    /** On some systems a file that a process has open can't be replaced, and must not need to be. */
    @Test
    public void aWholeCopyIsLeftAlone() throws Exception {
        install();
        Path published = copy(jars.get(0));
        Object inode = inode(published);
        install();
        assertEquals(inode, inode(published));
        Path again = Files.copy(jars.get(0).file(), cache.resolve("again.partial"));
        new JarCache(cache).publish(again, jars.get(0).sha256());
        assertEquals("published a second time", inode, inode(published));
    }

    @Test
    public void whatNobodyHasUsedForLongIsRemoved() throws Exception {
        install();
        Path current = copy(jars.get(0));
        age(current, Duration.ofDays(100));
        Path old = Files.createFile(cache.resolve("a".repeat(64) + ".jar"));
        age(old, Duration.ofDays(31));
        Path young = Files.createFile(cache.resolve("b".repeat(64) + ".jar"));
        age(young, Duration.ofDays(8));
        Path abandoned = Files.createFile(cache.resolve("c.partial"));
        age(abandoned, Duration.ofDays(2));
        Path growing = Files.createFile(cache.resolve("d.partial"));
        Path foreign = Files.createFile(cache.resolve("notes.txt"));
        age(foreign, Duration.ofDays(100));
        install();
        assertFalse(Files.exists(old));
        assertFalse(Files.exists(abandoned));
        assertTrue("another version may be in use", Files.exists(young));
        assertTrue("somebody copies", Files.exists(growing));
        assertTrue("not ours", Files.exists(foreign));
        Instant used = Files.getLastModifiedTime(current).toInstant();
        assertTrue("use keeps a jar", used.isAfter(Instant.now().minus(Duration.ofHours(1))));
    }
}
