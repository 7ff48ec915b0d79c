package io.jenkins.plugins.concurrency.engine.pool.worker;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.output.BranchOutputs;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is left of outputs when something is wrong. */
public class WorkerAnswersTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Files of an agent that is gone; what was copied before is here. */
    private record GoneFiles(Path local) implements WorkerFiles {

        @Override
        public String write(String name, String text) throws IOException {
            throw new IOException("gone");
        }

        @Override
        public byte[] read(String name, int maxBytes) throws IOException {
            throw new IOException("gone");
        }

        @Override
        public void copy(String name, boolean whole) throws IOException {
            throw new IOException("gone");
        }

        @Override
        public void delete(String name) {
            local.resolve(name).toFile().delete();
        }
    }

    private final List<String> shown = new ArrayList<>();
    private Path local;
    private Path kept;
    private OutputReader reader;

    @Before
    public void makeFolders() throws IOException {
        local = folder.newFolder("copies").toPath();
        kept = folder.newFolder("kept").toPath();
        reader = new BranchOutputs(new OutputOptions(0, "all", true), "run", kept, SecretMask.NONE, shown::add)
                .of(new PoolBranch(0, "a", null, 1));
    }

    private WorkerAnswers.WorkerOutput output(String file) {
        return new WorkerAnswers.WorkerOutput(reader, new GoneFiles(local), file);
    }

    @Test
    public void whatWasCopiedBeforeIsShownAndKept() throws Exception {
        Files.writeString(local.resolve("output"), "so far");
        AttemptResult result = new WorkerAnswers(null, 1, SecretMask.NONE, output("output"), reason -> {})
                .failure(HostException.lost("the agent is gone"));
        assertEquals(List.of("[a] so far"), shown);
        assertEquals("so far", Files.readString(kept.resolve((String) result.details().get("stdoutFile"))));
        assertFalse(Files.exists(local.resolve("output")));
    }

    /** As JSON can have it, and UTF-8 can't. */
    @Test
    public void halfACharacterCostsNoOutput() throws Exception {
        String file = (String) output(null).complete("half \ud83d").get("stdoutFile");
        assertEquals(List.of("[a] half ?"), shown);
        assertEquals("half ?", Files.readString(kept.resolve(file)));
    }
}
