package io.jenkins.plugins.concurrency.agent.jars;

import com.fasterxml.jackson.core.JsonFactory;
import groovy.lang.GroovyClassLoader;
import io.jenkins.plugins.concurrency.engine.supervisor.Supervisor;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.slf4j.Logger;

/**
 * The jars that a supervisor needs: the plugin's own, and those of the API plugins. They are taken from where this JVM
 * has loaded them. Searched once, on first use.
 */
public final class LocalJars {

    /** One class of each jar. */
    private static final List<Class<?>> ANCHORS = List.of(
            Supervisor.class,
            JsonFactory.class,
            CloseableHttpAsyncClient.class,
            HttpHost.class,
            HttpVersionPolicy.class,
            Logger.class,
            GroovyClassLoader.class);

    private static final int BUFFER = 1 << 16;

    /** Guarded by the class. */
    private static List<HashedJar> jars;

    private LocalJars() {}

    /**
     * The jars, in the order of the class path.
     *
     * @throws IOException if one can't be found or read
     */
    public static synchronized List<HashedJar> get() throws IOException {
        if (jars == null) {
            List<HashedJar> found = new ArrayList<>();
            for (Class<?> anchor : ANCHORS) {
                Path location = location(anchor);
                found.add(HashedJar.of(Files.isDirectory(location) ? pack(location) : location));
            }
            jars = List.copyOf(found);
        }
        return jars;
    }

    private static Path location(Class<?> anchor) throws IOException {
        CodeSource source = anchor.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IOException("can't tell which jar holds " + anchor.getName());
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | RuntimeException e) {
            return new File(source.getLocation().getPath()).toPath();
        }
    }

    /**
     * Makes a jar of a folder of classes, which plugins have while they are developed. The result always has the same
     * bytes.
     */
    private static Path pack(Path classes) throws IOException {
        Path jar = Files.createTempFile("concurrency-steps", ".jar");
        jar.toFile().deleteOnExit();
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar), BUFFER);
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> walk = Files.walk(classes)) {
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                ZipEntry entry = new ZipEntry(classes.relativize(path).toString().replace(File.separatorChar, '/'));
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                zip.putNextEntry(entry);
                Files.copy(path, zip);
                zip.closeEntry();
            }
        }
        return jar;
    }
}
