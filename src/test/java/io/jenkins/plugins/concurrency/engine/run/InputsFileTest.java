package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class InputsFileTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private List<String> convert(String name, byte[] content) throws IOException {
        Path branches = folder.getRoot().toPath().resolve("branches.ndjson");
        ListFile.convertInputs(new ByteArrayInputStream(content), name, "echo", SecretMask.NONE, branches);
        return Files.readAllLines(branches);
    }

    private List<String> convert(String name, String content) throws IOException {
        return convert(name, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void aLineIsAnInputAsItStands() throws IOException {
        assertEquals(
                List.of(
                        "{\"name\":\" a b \",\"input\":\" a b \"}",
                        "{\"name\":\"# ü\",\"input\":\"# ü\"}",
                        "{\"name\":\"{}\",\"input\":\"{}\"}",
                        "{\"name\":\"{} #4\",\"input\":\"{}\"}"),
                convert("list.txt", " a b \n\n# ü\r\n{}\n{}"));
    }

    @Test
    public void ofJsonLinesItIsTheValue() throws IOException {
        assertEquals(
                List.of("{\"name\":\"1\",\"input\":1}", "{\"name\":\"n=[1,null]\",\"input\":{\"n\":[1,null]}}"),
                convert("list.NDJSON", "1\n{\"n\":[1,null]}\n"));
    }

    @Test
    public void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
        String expected = "{\"name\":\"ü\",\"input\":\"ü\"}";
        for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16BE")) {
            assertEquals(List.of(expected), convert("list.txt", "\uFEFFü\r\n".getBytes(charset)));
        }
        assertEquals(List.of("{\"name\":\"1\",\"input\":1}"), convert("list.ndjson", "\uFEFF1\n"));
        assertEquals(List.of(), convert("list.txt", "\uFEFF"));
        assertEquals(List.of("{\"name\":\"a\",\"input\":\"a\"}"), convert("list.txt", "a"));
    }

    @Test
    public void whatIsNoInputIsNamedWithItsLine() {
        IOException json = assertThrows(IOException.class, () -> convert("a.jsonl", "1\n{"));
        assertTrue(json.getMessage(), json.getMessage().startsWith("inputsFile: line 2: "));
        IOException bytes = assertThrows(IOException.class, () -> convert("a.txt", new byte[] {'a', '\n', (byte) 0xC3, '('}));
        assertTrue(bytes.getMessage(), bytes.getMessage().matches("inputsFile: (after line [1-9]: )?it is not UTF-8"));
    }

    @Test
    public void aFileThatCannotBeReadHasNoLine() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Is a directory"); // as Linux says only when one is read
            }
        };
        Path branches = folder.getRoot().toPath().resolve("branches.ndjson");
        IOException refused =
                assertThrows(IOException.class, () -> ListFile.convertInputs(broken, "list", null, SecretMask.NONE, branches));
        assertEquals("inputsFile: Is a directory", refused.getMessage());
    }

    @Test
    public void aLineWithoutAnEndIsRefused() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                Arrays.fill(into, offset, offset + length, (byte) 'x');
                return length;
            }
        };
        Path branches = folder.getRoot().toPath().resolve("branches.ndjson");
        IOException refused =
                assertThrows(IOException.class, () -> ListFile.convertInputs(endless, "list.txt", null, SecretMask.NONE, branches));
        assertEquals("inputsFile: a line is longer than 8388608 characters", refused.getMessage());
    }
}
