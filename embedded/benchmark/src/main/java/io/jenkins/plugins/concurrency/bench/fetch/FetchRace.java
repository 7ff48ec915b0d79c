package io.jenkins.plugins.concurrency.bench.fetch;

import io.jenkins.plugins.concurrency.bench.engine.EngineProcess;
import io.jenkins.plugins.concurrency.bench.engine.EngineRequest;
import io.jenkins.plugins.concurrency.bench.peer.FetchPeers;
import io.jenkins.plugins.concurrency.bench.peer.FetchWork;
import io.jenkins.plugins.concurrency.bench.race.Drop;
import io.jenkins.plugins.concurrency.bench.race.EngineContender;
import io.jenkins.plugins.concurrency.bench.race.Entry;
import io.jenkins.plugins.concurrency.bench.race.Race;
import io.jenkins.plugins.concurrency.bench.session.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The same URLs by the engine and by each peer. */
final class FetchRace {

    private final Session session;
    private final FetchWork work;
    private final Race race;
    private final Entry engine;
    private final Entry curl;
    private final Entry aiohttp;
    private List<Entry> entries;

    FetchRace(Session session, EngineProcess process, FetchWork work) throws IOException {
        this.session = session;
        this.work = work;
        race = session.race();
        engine = race.add(contender(process));
        FetchPeers peers = new FetchPeers(race, work, session.scratch(), session.children());
        curl = peers.curl();
        aiohttp = peers.aiohttp();
        peers.aria2();
        peers.wget2();
    }

    /** Runs all rounds. */
    FetchRace run() throws InterruptedException {
        entries = race.run(session.rounds());
        return this;
    }

    List<Entry> entries() {
        return entries;
    }

    Entry engine() {
        return engine;
    }

    Entry curl() {
        return curl;
    }

    Entry aiohttp() {
        return aiohttp;
    }

    private EngineContender contender(EngineProcess process) throws IOException {
        Path base = work.toFiles() ? session.scratch().directory("engine-files") : null;
        Drop drop = work.toFiles()
                ? new Drop.Directory(base.resolve("files"), work.urls().size(), work.bytes())
                : new Drop.Nowhere();
        EngineContender.Plan plan = () -> {
            Path run = session.runDirectories().fetch(work.urls(), work.concurrency(), base);
            EngineRequest request = EngineRequest.of(run);
            return work.toFiles() ? request : request.discardingBodies();
        };
        return new EngineContender("parallelFetch", process, work.urls().size(), plan, drop, session.warmUp());
    }
}
