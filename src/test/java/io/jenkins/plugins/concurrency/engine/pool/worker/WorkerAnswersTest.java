package io.jenkins.plugins.concurrency.engine.pool.worker;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.output.BranchOutputs;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is left of a call whose agent is gone. */
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

    @Test
    public void whatWasCopiedBeforeIsShownAndKept() throws Exception {
        Path local = folder.newFolder("copies").toPath();
        Path kept = folder.newFolder("kept").toPath();
        Files.writeString(local.resolve("output"), "so far");
        List<String> shown = new ArrayList<>();
        BranchOutputs outputs = new BranchOutputs(new OutputOptions(0, "all", true), "run", kept, SecretMask.NONE, shown::add);
        WorkerAnswers.WorkerOutput output = new WorkerAnswers.WorkerOutput(
                outputs.of(new PoolBranch(0, "a", null, 1)), new GoneFiles(local), "output");
        AttemptResult result = new WorkerAnswers(null, 1, SecretMask.NONE, output, reason -> {})
                .failure(HostException.lost("the agent is gone"));
        assertEquals(List.of("[a] so far"), shown);
        assertEquals("so far", Files.readString(kept.resolve((String) result.details().get("stdoutFile"))));
        assertFalse(Files.exists(local.resolve("output")));
    }
}
