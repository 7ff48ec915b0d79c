package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.tools.tar.TarConstants;
import org.apache.tools.tar.TarEntry;
import org.apache.tools.tar.TarOutputStream;
import org.junit.Test;

/** What a list may be in a stash, and how much of an archive is read for it. */
public class StashedFileTest {

    private static final String PROBLEM = "the stash 's' is too large, or is no archive";

    @Test
    public void theFileIsFoundByItsPath() throws Exception {
        byte[] archive = archive("a/list", "1\n", "list", "2\n", "a/b/list", "3\n");
        assertEquals("2\n", read(archive, "list"));
        assertEquals("2\n", read(archive, "./list"));
        assertEquals("3\n", read(archive, "a//b/list"));
        IOException missing = assertThrows(IOException.class, () -> read(archive, "b/list"));
        assertEquals("there is no file b/list in the stash 's'", missing.getMessage());
    }

    @Test
    public void aLinkOrAFolderIsNoList() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarOutputStream tar = new TarOutputStream(new GZIPOutputStream(bytes), "UTF-8")) {
            TarEntry link = new TarEntry("link", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc/hostname");
            tar.putNextEntry(link);
            tar.closeEntry();
            tar.putNextEntry(new TarEntry("folder/"));
            tar.closeEntry();
        }
        for (String name : new String[] {"link", "folder"}) {
            IOException refused = assertThrows(IOException.class, () -> read(bytes.toByteArray(), name));
            assertEquals("there is no file " + name + " in the stash 's'", refused.getMessage());
        }
    }

    @Test
    public void noMoreIsUnpackedThanAllowed() throws Exception {
        byte[] archive = archive("before", "x".repeat(300_000), "list", "x".repeat(300_000));
        assertEquals(300_000, read(archive, "list", 700_000).length());
        IOException within = assertThrows(IOException.class, () -> read(archive, "list", 400_000));
        assertEquals(PROBLEM, within.getMessage());
        IOException before = assertThrows(IOException.class, () -> read(archive, "list", 200_000));
        assertEquals(PROBLEM, before.getMessage());
    }

    @Test
    public void aNameIsNotReadWithoutEnd() throws Exception {
        byte[] archive = archive("x".repeat((int) StashedFile.MAX_HEADERS), "1", "list", "2");
        IOException refused = assertThrows(IOException.class, () -> read(archive, "list"));
        assertEquals(PROBLEM, refused.getMessage());
    }

    @Test
    public void readingEndsWithTheStep() throws Exception {
        byte[] archive = archive("list", "x".repeat(300_000));
        AtomicInteger reads = new AtomicInteger();
        InputStream list = StashedFile.find(
                new ByteArrayInputStream(archive), "s", "list", StashedFile.MAX_READ, () -> reads.incrementAndGet() > 5);
        IOException over = assertThrows(IOException.class, list::readAllBytes);
        assertEquals("the step has ended", over.getMessage());
    }

    private static String read(byte[] archive, String file) throws IOException {
        return read(archive, file, StashedFile.MAX_READ);
    }

    private static String read(byte[] archive, String file, long most) throws IOException {
        try (InputStream in = StashedFile.find(new ByteArrayInputStream(archive), "s", file, most, () -> false)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] archive(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarOutputStream tar = new TarOutputStream(new GZIPOutputStream(bytes), "UTF-8")) {
            tar.setLongFileMode(TarOutputStream.LONGFILE_GNU);
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] content = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
                TarEntry entry = new TarEntry(namesAndTexts[i]);
                entry.setSize(content.length);
                tar.putNextEntry(entry);
                tar.write(content);
                tar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
