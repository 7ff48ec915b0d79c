package io.jenkins.plugins.concurrency.nodes;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** What a node says of its files is not believed. */
public class FileTransferTest {

    @Test
    public void onlyWhatIsMeantComesBack() throws Exception {
        PathPattern wanted = new PathPattern("out/**");
        Map<String, String> meant = Map.of("out/a/b.txt", "1");
        assertEquals(meant, FileTransfer.checked(meant, wanted));
        for (String path : new String[] {"Jenkinsfile", "out/../.profile", "/etc/x", "out\\..\\x", "out/.git/hooks/x"}) {
            IOException refused =
                    assertThrows(path, IOException.class, () -> FileTransfer.checked(Map.of(path, "1"), wanted));
            assertEquals("a path that 'collect' does not match: " + path, refused.getMessage());
        }
    }

    @Test
    public void thereAreNotTooMany() {
        Map<String, String> many = IntStream.rangeClosed(0, 100_000).boxed().collect(Collectors.toMap(i -> "f" + i, i -> ""));
        assertThrows(IOException.class, () -> FileTransfer.checked(many, new PathPattern("**")));
    }
}
