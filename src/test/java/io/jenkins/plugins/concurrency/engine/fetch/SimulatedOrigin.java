package io.jenkins.plugins.concurrency.engine.fetch;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.LongPredicate;

/**
 * An origin and its requests, in a time of its own: always as many requests under way as its limit allows. What depends
 * on chance is the same in each run.
 */
final class SimulatedOrigin {

    private static final long REFUSAL_NANOS = Duration.ofMillis(1).toNanos();

    private record Request(int number, AdaptiveLimit.Call call, long endNanos, AdaptiveLimit.End end, long bytes) {}

    private record Refused(int number, OriginRefusals.Request request) {}

    /** A request that was refused repeatedly is sent again after so many others. */
    private static final int OTHERS = 1_000;

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

    /** Refused, and not sent again. */
    int failed;

    private final Server server;
    private final Random chance = new Random(1);
    private final PriorityQueue<Request> underWay = new PriorityQueue<>(Comparator.comparingLong(Request::endNanos));
    private final PriorityQueue<Refused> again = new PriorityQueue<>(Comparator.comparingInt(
            refused -> refused.number + (refused.request.times() > 1 ? OTHERS : 0)));
    private int sent;
    private int accepted;
    private long now;

    /** 0 for an adaptive limit. */
    private int fixedWidth;

    // May be changed by a test.
    IntUnaryOperator bodySize = number -> 1_000;
    AdaptiveLimit.End refusal = AdaptiveLimit.End.REFUSED;
    Duration asked = Duration.ZERO;
    double jitter = 0.2;
    int available = Integer.MAX_VALUE;
    int requests = Integer.MAX_VALUE;

    /** Which requests are refused whenever they are sent. */
    IntPredicate refuses = number -> false;

    /** Whether all are refused at a time, in milliseconds. */
    LongPredicate isDown = millis -> false;

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

    /** Continues for some time, or until all have ended. */
    SimulatedOrigin run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            while (underWay.size() < width() && (fixedWidth > 0 || limit.pause(now) == 0) && begin()) {
                // as many as it may
            }
            if (isDone()) {
                return this;
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

    private boolean isDone() {
        return sent == requests && underWay.isEmpty() && again.isEmpty();
    }

    /** When the last request has ended. */
    Duration time() {
        return Duration.ofNanos(now);
    }

    /** Returns false if nothing is left. */
    private boolean begin() {
        boolean resent = !again.isEmpty()
                && (sent == requests || again.peek().request.times() == 1 || again.peek().number + OTHERS < sent);
        if (!resent && sent == requests) {
            return false;
        }
        Refused before = resent ? again.poll() : new Refused(sent++, null);
        long bytes = bodySize.applyAsInt(served + underWay.size());
        boolean refuse = refuses.test(before.number) || isDown.test(now / 1_000_000);
        double millis = refuse ? -1 : server.millis(accepted + 1, bytes);
        AdaptiveLimit.Call call = limit.begin(before.request, now);
        if (millis < 0) {
            underWay.add(new Request(before.number, call, now + REFUSAL_NANOS + chance.nextInt(1_000), refusal, 0));
            return true;
        }
        accepted++;
        double random = 1 + jitter * chance.nextGaussian();
        long nanos = (long) (millis * 1e6 * Math.max(0.1, random));
        underWay.add(new Request(before.number, call, now + nanos, AdaptiveLimit.End.SERVED, bytes));
        return true;
    }

    private void end(Request request) {
        boolean ok = request.end == AdaptiveLimit.End.SERVED;
        accepted -= ok ? 1 : 0;
        served += ok ? 1 : 0;
        refused += ok ? 0 : 1;
        OriginRefusals.Request later =
                limit.end(request.call, request.end, request.bytes, ok ? 0 : asked.toNanos(), now);
        if (later != null) {
            again.add(new Refused(request.number, later));
        } else if (!ok) {
            failed++;
        }
    }
}
