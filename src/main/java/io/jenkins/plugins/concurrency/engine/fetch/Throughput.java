package io.jenkins.plugins.concurrency.engine.fetch;

/** Requests that are measured at one limit: the sums that a ratio and its error need. Not thread-safe. */
final class Throughput {

    private int samples;
    private double work;
    private double time;
    private double workWork;
    private double workTime;
    private double timeTime;
    private boolean begun;
    private long beginNanos;
    private long lastNanos;

    /** The number of requests under way, summed up over the time. */
    private double runningTime;

    int samples() {
        return samples;
    }

    void begin(long now) {
        if (!begun) {
            begun = true;
            beginNanos = now;
            lastNanos = now;
        }
    }

    void integrate(int running, long now) {
        if (begun) {
            runningTime += (double) running * (now - lastNanos);
            lastNanos = now;
        }
    }

    void add(double itsWork, double itsTime) {
        samples++;
        work += itsWork;
        time += itsTime;
        workWork += itsWork * itsWork;
        workTime += itsWork * itsTime;
        timeTime += itsTime * itsTime;
    }

    /** The relative standard error of the work done in a time. */
    double error() {
        double each = work == 0 ? 0 : time / work;
        double squares = timeTime - 2 * each * workTime + each * each * workWork;
        return Math.sqrt(Math.max(0, squares)) / Math.max(1, time);
    }

    double meanRunning() {
        return runningTime / Math.max(1, lastNanos - beginNanos);
    }

    /** Work for each nanosecond. */
    double rate() {
        return meanRunning() * work / Math.max(1, time);
    }

    /** How much longer responses with larger bodies take: a straight line through those of late. */
    static final class UsualTimes {

        private static final int REMEMBERED = 200;

        private int count;
        private double bytes;
        private double time;
        private double bytesBytes;
        private double bytesTime;

        /** Adds a response. Returns the time that it usually takes, as a part of the mean. */
        double work(double itsBytes, double itsTime) {
            count = Math.min(REMEMBERED, count + 1);
            bytes += (itsBytes - bytes) / count;
            time += (itsTime - time) / count;
            bytesBytes += (itsBytes * itsBytes - bytesBytes) / count;
            bytesTime += (itsBytes * itsTime - bytesTime) / count;
            double spread = bytesBytes - bytes * bytes;
            if (spread <= 0 || time <= 0) {
                return 1;
            }
            double slope = Math.max(0, Math.min(time / bytes, (bytesTime - bytes * time) / spread));
            return 1 + slope * (itsBytes - bytes) / time;
        }
    }
}
