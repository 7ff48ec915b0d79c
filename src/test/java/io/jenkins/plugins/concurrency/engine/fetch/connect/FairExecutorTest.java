package io.jenkins.plugins.concurrency.engine.fetch.connect;

import static org.junit.Assert.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.Test;

public class FairExecutorTest {

    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final FairExecutor executor = new FairExecutor(threads::add);
    private final List<String> done = new ArrayList<>();

    private void bring(String owner, int count) {
        for (int i = 0; i < count; i++) {
            String name = owner + i;
            executor.execute(owner, () -> done.add(name));
        }
    }

    @Test
    public void whoComesLaterHasItsTurnNext() {
        bring("a", 1_000);
        threads.remove().run();
        bring("b", 2);
        bring("c", 1);
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
        assertEquals(List.of("a0", "a1", "b0", "c0", "a2", "b1", "a3", "a4"), done.subList(0, 8));
        assertEquals(1_003, done.size());
        bring("d", 1);
        threads.remove().run();
        assertEquals("d0", done.get(1_003));
    }
}
