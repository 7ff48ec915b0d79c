package io.jenkins.plugins.concurrency.engine.fetch.connect;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.File;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FreshLookupTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final List<String> asked = new ArrayList<>();
    private boolean there;
    private final FreshLookup lookup = new FreshLookup(host -> {
        asked.add(host);
        if (there) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }
        throw new UnknownHostException(host);
    });

    @Test
    public void aNameThatIsBackIsFoundByTheNextAttemptInARealJvm() throws Exception {
        Path hosts = folder.newFile("hosts").toPath();
        Path said = folder.newFile("said").toPath();
        Process jvm = new ProcessBuilder(
                        TestJvm.PROGRAM,
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        TestJvm.CLASS_PATH,
                        InJvm.class.getName(),
                        hosts.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        int status = jvm.waitFor();
        assertEquals(Files.readString(said), 0, status);
        assertEquals(List.of("unknown", "127.0.0.9", "127.0.0.9"), Files.readAllLines(said));
    }

    @Test
    public void whoAskedBeforeALookupBeganSharesItsAnswer() throws Exception {
        long early = System.nanoTime();
        assertThrows(UnknownHostException.class, () -> lookup.addresses("a.example", early));
        assertThrows(UnknownHostException.class, () -> lookup.addresses("a.example", early));
        assertEquals(List.of("a.example"), asked);
        there = true;
        assertEquals(1, lookup.addresses("a.example", System.nanoTime()).length);
        assertEquals(List.of("a.example", "A.example"), asked);
    }

    @Test
    public void eachFailureIsFollowedByAnotherSpelling() {
        assertEquals(
                List.of("1-ab.c", "1-Ab.c", "1-aB.c", "1-AB.c", "1-ab.C"),
                IntStream.range(0, 5).mapToObj(i -> FreshLookup.spelling("1-ab.c", i)).collect(Collectors.toList()));
    }

    /** A name service that does not care about upper case, and learns a name. */
    public static final class InJvm {

        private InJvm() {}

        /** @param arguments the file of the JVM's hosts */
        public static void main(String[] arguments) throws Exception {
            FreshLookup lookup = new FreshLookup(NameLookup.SYSTEM);
            try {
                lookup.addresses("db", System.nanoTime());
            } catch (UnknownHostException e) {
                System.out.println("unknown");
            }
            Files.writeString(Path.of(arguments[0]), "127.0.0.9 db Db dB DB\n", StandardCharsets.UTF_8);
            for (int i = 0; i < 2; i++) {
                System.out.println(lookup.addresses("db", System.nanoTime())[0].getHostAddress());
            }
        }
    }
}
