package io.jenkins.plugins.concurrency.engine.pool.worker;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionProtocol;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.Test;

/** How many workers a pool starts, by a clock of the test's own and with processes that do nothing. */
public class WorkerPoolTest {

    private final List<IdleProcess> processes = new ArrayList<>();
    private final Deque<Runnable> looks = new ArrayDeque<>();
    private long nanos;
    private boolean startable = true;
    private boolean broken;

    private final WorkerPool pool = new WorkerPool(this::start, 1, 0, new WorkerTrial(() -> nanos, looks::add));

    /** What is started says when it is ready, or has ended, as the test wants it. */
    private static final class IdleProcess implements WorkerProcess {

        private Listener listener;
        private boolean alive = true;

        @Override
        public void listen(Listener given) {
            listener = given;
        }

        void isReady() throws IOException {
            listener.answers().write("{\"ready\":true}\n".getBytes(StandardCharsets.US_ASCII));
        }

        void ends() {
            alive = false;
            listener.ended(1);
        }

        @Override
        public void send(String line) {}

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public WorkerFiles files() {
            throw new UnsupportedOperationException();
        }

        @Override
        public OutputTail errors() {
            return new OutputTail("", false);
        }

        @Override
        public CompletionStage<Void> kill() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            alive = false;
        }
    }

    private Worker start(int number) throws IOException {
        if (!startable) {
            throw new IOException("no processes");
        }
        if (broken) {
            throw new OutOfMemoryError("no threads");
        }
        IdleProcess process = new IdleProcess();
        processes.add(process);
        FunctionProtocol protocol = new FunctionProtocol("1", List.of(), new WorkerStart.Program.Functions(0, 4), 1, -1);
        return Worker.start(protocol, process, SecretMask.NONE);
    }

    private void passes(Duration time) {
        nanos += time.toNanos();
    }

    private void look() {
        looks.remove().run();
    }

    @Test
    public void littleWorkIsDoneByOneWorker() throws Exception {
        List<CompletableFuture<WorkerPool.Member>> loans = List.of(pool.borrow(), pool.borrow(), pool.borrow());
        assertEquals(1, processes.size());
        passes(Duration.ofMillis(300));
        look();
        processes.get(0).isReady();
        for (CompletableFuture<WorkerPool.Member> loan : loans) {
            assertEquals(1, loan.getNow(null).number());
            look();
            pool.returnWorker(loan.get());
        }
        assertEquals("each look saw another call", 1, processes.size());
        assertTrue("nobody waits", looks.isEmpty());
        assertTrue(pool.borrow().isDone());
        pool.close();
        assertFalse(processes.get(0).isAlive());
    }

    @Test
    public void aCallThatWaitsGetsAWorkerOfItsOwn() throws Exception {
        CompletableFuture<WorkerPool.Member> first = pool.borrow();
        CompletableFuture<WorkerPool.Member> second = pool.borrow();
        CompletableFuture<WorkerPool.Member> third = pool.borrow();
        processes.get(0).isReady();
        assertTrue(first.isDone());
        look();
        assertEquals("it may have begun to wait just now", 1, processes.size());
        look();
        assertEquals(3, processes.size());
        processes.get(2).isReady();
        assertEquals("whichever is free", 3, second.get().number());
        pool.returnWorker(first.get());
        assertEquals(1, third.get().number());
        processes.get(1).isReady();
        assertEquals("nobody has waited for it", 2, pool.borrow().get().number());
        assertFalse(pool.borrow().isDone());
        assertEquals("from now on at once", 4, processes.size());
    }

    @Test
    public void muchWorkOfShortCallsGetsMoreWorkers() throws Exception {
        CompletableFuture<WorkerPool.Member> call = pool.borrow();
        CompletableFuture<WorkerPool.Member> next = pool.borrow();
        passes(Duration.ofMillis(300));
        processes.get(0).isReady();
        for (int i = 0; i < 12; i++) {
            passes(Duration.ofMillis(50));
            look();
            assertEquals(1, processes.size());
            pool.returnWorker(call.get());
            call = next;
            next = pool.borrow();
        }
        passes(Duration.ofMillis(50));
        look();
        assertEquals(2, processes.size());
    }

    @Test
    public void aStartThatTakesLongDelaysNoOther() {
        pool.borrow();
        pool.borrow();
        passes(Duration.ofMillis(1_000));
        look();
        assertEquals(1, processes.size());
        passes(Duration.ofMillis(50));
        look();
        assertEquals(2, processes.size());
    }

    @Test
    public void aWorkerThatEndsBeforeItIsReadyCostsOneCallAStart() {
        CompletableFuture<WorkerPool.Member> first = pool.borrow();
        CompletableFuture<WorkerPool.Member> second = pool.borrow();
        processes.get(0).ends();
        assertFalse(first.join().worker().isUsable());
        pool.returnWorker(first.join());
        assertEquals(2, processes.size());
        processes.get(1).ends();
        assertFalse(second.join().worker().isUsable());
    }

    @Test
    public void whoeverWantsNoWorkerAnyMoreGetsNone() throws Exception {
        CompletableFuture<WorkerPool.Member> first = pool.borrow();
        CompletableFuture<WorkerPool.Member> second = pool.borrow();
        CompletableFuture<WorkerPool.Member> third = pool.borrow();
        second.cancel(false);
        processes.get(0).isReady();
        pool.returnWorker(first.get());
        assertSame(first.get(), third.get());
    }

    @Test
    public void whereNoneCanBeStartedEachCallHearsOfIt() {
        startable = false;
        for (int i = 0; i < 2; i++) {
            CompletableFuture<WorkerPool.Member> loan = pool.borrow();
            Throwable thrown = assertThrows(ExecutionException.class, loan::get);
            assertEquals("no processes", thrown.getCause().getMessage());
        }
    }

    @Test
    public void anErrorIsHeardOfToo() {
        broken = true;
        CompletableFuture<WorkerPool.Member> loan = pool.borrow();
        assertEquals("no threads", assertThrows(ExecutionException.class, loan::get).getCause().getMessage());
        broken = false;
        pool.borrow();
        assertEquals(1, processes.size());
    }

    @Test
    public void aWorkerThatIsReplacedBeforeAllHaveItIsNotWaitedFor() throws Exception {
        WorkerPool threads = new WorkerPool(this::start, 3, 2, WorkerTrial.none());
        List<CompletableFuture<WorkerPool.Member>> loans = List.of(threads.borrow(), threads.borrow(), threads.borrow());
        processes.get(0).isReady();
        assertEquals(1, loans.get(1).getNow(null).number());
        assertFalse(loans.get(2).isDone());
        processes.get(1).isReady();
        assertEquals(2, loans.get(2).getNow(null).number());
    }

    @Test
    public void whatIsOnlyStartingEndsForOthersToo() throws Exception {
        WorkerPool many = new WorkerPool(this::start, 1, 0, WorkerTrial.none());
        CompletableFuture<WorkerPool.Member> first = many.borrow();
        CompletableFuture<WorkerPool.Member> second = many.borrow();
        processes.get(0).isReady();
        many.returnWorker(first.get());
        assertSame("it does the work of both", first.get(), second.get());
        many.endIdle();
        processes.get(1).isReady();
        assertEquals(List.of(true, false), processes.stream().map(IdleProcess::isAlive).toList());
        many.borrow();
        many.endIdle();
        processes.get(2).isReady();
        assertTrue("somebody has waited for it", processes.get(2).isAlive());
    }
}
