package io.jenkins.plugins.concurrency.engine.fetch;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/**
 * An origin and its requests, in a time of its own: always as many requests under way as its limit allows. What depends
 * on chance is the same in each run.
 */
final class SimulatedOrigin {

    private static final long REFUSAL_NANOS = Duration.ofMillis(1).toNanos();

    private record Request(AdaptiveLimit.Call call, long endNanos, AdaptiveLimit.End end, long bytes) {}

    /** How a request ends that is begun while others run. */
    interface Server {

        /**
         * @param running how many it has, with this one
         * @return how long it takes, in milliseconds; negative if it is refused
         */
        double millis(int running, long bytes);
    }

    final AdaptiveLimit limit;
    int served;
    int refused;

    private final Server server;
    private final Random chance = new Random(1);
    private final PriorityQueue<Request> underWay = new PriorityQueue<>(Comparator.comparingLong(Request::endNanos));
    private int accepted;
    private long now;

    /** 0 for a limit that finds itself. */
    private int fixedWidth;

    // May be changed by a test.
    IntUnaryOperator bodySize = number -> 1_000;
    AdaptiveLimit.End refusal = AdaptiveLimit.End.REFUSED;
    Duration asked = Duration.ZERO;
    double jitter = 0.2;
    int available = Integer.MAX_VALUE;

    SimulatedOrigin(int most, Server server) {
        this.limit = new AdaptiveLimit(most);
        this.server = server;
    }

    /** Responses a second with a fixed number of requests at once. */
    static double throughput(Server server, int width, IntUnaryOperator bodySize) {
        SimulatedOrigin fixed = new SimulatedOrigin(width, server);
        fixed.bodySize = bodySize;
        fixed.fixedWidth = width;
        fixed.run(Duration.ofSeconds(20));
        return fixed.served / 20.0;
    }

    private int width() {
        return Math.min(available, fixedWidth > 0 ? fixedWidth : limit.limit());
    }

    /** Continues for some time. */
    SimulatedOrigin run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            while (underWay.size() < width() && (fixedWidth > 0 || limit.pause(now) == 0)) {
                begin();
            }
            long next = underWay.isEmpty() ? now + limit.pause(now) : underWay.peek().endNanos();
            long pause = fixedWidth > 0 ? 0 : limit.pause(now);
            if (pause > 0 && underWay.size() < width()) {
                next = Math.min(next, now + pause);
            }
            if (next > end) {
                now = end;
                return this;
            }
            now = next;
            if (!underWay.isEmpty() && underWay.peek().endNanos() == now) {
                end(underWay.poll());
            }
        }
    }

    private void begin() {
        long bytes = bodySize.applyAsInt(served + underWay.size());
        double millis = server.millis(accepted + 1, bytes);
        AdaptiveLimit.Call call = limit.begin(now);
        if (millis < 0) {
            underWay.add(new Request(call, now + REFUSAL_NANOS + chance.nextInt(1_000), refusal, 0));
            return;
        }
        accepted++;
        double random = 1 + jitter * chance.nextGaussian();
        long nanos = (long) (millis * 1e6 * Math.max(0.1, random));
        underWay.add(new Request(call, now + nanos, AdaptiveLimit.End.SERVED, bytes));
    }

    private void end(Request request) {
        boolean ok = request.end == AdaptiveLimit.End.SERVED;
        accepted -= ok ? 1 : 0;
        served += ok ? 1 : 0;
        refused += ok ? 0 : 1;
        limit.end(request.call, request.end, request.bytes, ok ? 0 : asked.toNanos(), now);
    }
}
