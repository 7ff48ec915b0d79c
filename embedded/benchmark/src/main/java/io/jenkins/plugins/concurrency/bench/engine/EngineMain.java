package io.jenkins.plugins.concurrency.bench.engine;

import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.run.RunExecutor;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Does one run after the other, each as a supervisor does its only one, so that what is measured is an engine that has
 * been at work for a while. Reads an {@link EngineRequest} a line, answers an {@link EngineReply} a line, and ends with
 * its standard input.
 */
public final class EngineMain {

    private final ScheduledExecutorService timer = TimerThread.start("concurrency timer");
    private HttpReactor reactor;

    private EngineMain() {}

    /** @param args none */
    public static void main(String[] args) throws IOException {
        PrintStream replies = System.out;
        System.setOut(System.err); // whatever a library prints must not get in between
        EngineMain engine = new EngineMain();
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = requests.readLine()) != null; ) {
            EngineReply reply = engine.run(EngineRequest.fromJson(JsonObject.parse(line)));
            replies.println(Json.write(reply.toJson()));
            replies.flush();
        }
        System.exit(0);
    }

    private EngineReply run(EngineRequest request) throws IOException {
        RunFiles files = new RunFiles(request.directory());
        RunObserver observer = new RunObserver(request);
        if (request.discardBodies()) {
            new DiscardingFetch(files, reactor(), timer, observer).run();
            return observer.reply(null);
        }
        RunExecutor run = new RunExecutor(files, timer, this::reactor, observer);
        return observer.reply(run.start().toCompletableFuture().join().failure());
    }

    private HttpReactor reactor() {
        if (reactor == null) {
            reactor = new HttpReactor();
        }
        return reactor;
    }
}
