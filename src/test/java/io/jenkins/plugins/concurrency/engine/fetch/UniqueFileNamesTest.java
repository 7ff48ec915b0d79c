package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.file.FileName;
import io.jenkins.plugins.concurrency.engine.fetch.file.RelativePath;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.Test;

public class UniqueFileNamesTest {

    private final FetchSettings settings = FetchSettings.standard(new BodyStorage("/base", "d", 0));
    private final UniqueFileNames names = new UniqueFileNames(settings);

    @Test
    public void afterTheUrl() {
        String[][] table = {
            {"http://h/a/page.html", "page.html"}, {"http://h/", "index.html"}, {"http://h", "index.html"},
            {"http://h/dir/", "index.html"}, {"http://h/x.html?page=2&b", "x_page=2_b.html"},
            {"http://h/?q=1", "index_q=1.html"}, {"http://h/a%20b%2Fc", "a_b_c"}, {"http://h/%2e%2e%2fetc", "_.._etc"},
            {"http://h/..%5cx", "_.._x"}, {"http://h/.bashrc", "_.bashrc"}, {"http://h/-rf", "_-rf"},
            {"http://h/con", "_con"}, {"http://h/Aux.txt", "_Aux.txt"}, {"http://h/console", "console"},
            {"http://h/a.", "a"}, {"http://h/...", "index.html"}, {"http://h/%00%0a%1b[1m", "____1m"},
            {"http://h/$(reboot)`x`;'\"", "__reboot__x____"}, {"http://h/%E4%BD%A0%e5%a5%bd.txt", LocalPath.canHave('你') ? "你好.txt" : "__.txt"},
            {"http://h/%ff%fe", "\uFFFD\uFFFD".replace('\uFFFD', '_')}, {"http://h/a.tar.gz", "a.tar.gz"},
            {"http://h/a%zz", "a_zz"}
        };
        for (String[] row : table) {
            FetchBranch named = new UniqueFileNames(settings).named(FetchBranch.of(0, row[0]));
            assertEquals(row[0], "d/" + row[1], named.file());
        }
    }

    @Test
    public void longOnesAreCutButKeepTheirExtension() {
        String file = nameOf(0, "http://h/" + "%F0%9F%98%80a".repeat(200) + ".html");
        assertTrue(file, file.endsWith(".html"));
        assertTrue(file.getBytes(StandardCharsets.UTF_8).length <= FileName.MAX_BYTES + 2);
        String twin = nameOf(7, "http://h/" + "%F0%9F%98%80a".repeat(200) + ".html");
        assertTrue(twin, twin.endsWith("-7.html"));
        assertTrue(twin.getBytes(StandardCharsets.UTF_8).length <= FileName.MAX_BYTES + 2);
        nameOf(8, "http://h/?" + "q".repeat(60_000));
    }

    @Test
    public void laterTwinGetsItsIndex() {
        assertEquals("d/a.html", nameOf(0, "http://h/1/a.html"));
        assertEquals("d/A-1.html", nameOf(1, "http://h/2/A.html"));
        assertEquals("d/b.tar.gz", nameOf(2, "http://h/b.tar.gz"));
        assertEquals("d/b-3.tar.gz", nameOf(3, "http://g/b.tar.gz"));
        assertEquals("d/c-5", nameOf(4, "http://g/c-5"));
        assertEquals("d/c", nameOf(6, "http://g/c"));
        assertEquals("d/c-5-2", nameOf(5, "http://g/c"));
    }

    @Test
    public void aThousandTwinsDiffer() {
        Set<String> files = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            files.add(nameOf(i, "http://h/" + i % 3 + "/Page.html").toLowerCase(Locale.ROOT));
        }
        assertEquals(1_000, files.size());
    }

    @Test
    public void ownNamesAreKeptOrRefused() throws Exception {
        assertEquals("d/x/y", names.named(Branches.json("{'url':'http://h/','file':'x//./y'}")).file());
        FetchBranch twin = names.named(Branches.json("{'url':'http://h/','file':'X/Y'}"));
        assertEquals("file 'd/X/Y' belongs to an earlier branch", twin.problem());
        assertNotNull(names.named(Branches.json("{'url':'http://h/','file':'../y'}")).problem());
        assertNotNull(names.named(Branches.json("{'url':'http://h/','file':'.'}")).problem());
    }

    @Test
    public void textNeedsNone() {
        UniqueFileNames none = new UniqueFileNames(FetchSettings.standard(new BodyStorage(null, null, 0)));
        assertNull(none.named(FetchBranch.of(0, "http://h/")).file());
    }

    private String nameOf(int index, String url) {
        return names.named(FetchBranch.of(index, url)).file();
    }

    @Test
    public void namesThatWindowsTakesForOthersAreRefusedThere() {
        for (String name : List.of("nul", "Aux.txt", "com1 .log", "a.", "a ")) {
            assertThrows(
                    name, IllegalArgumentException.class, () -> RelativePath.checkName("file", "d/" + name, name, true));
            RelativePath.checkName("file", "d/" + name, name, false);
        }
        RelativePath.checkName("file", "null.txt", "null.txt", true);
    }
}
