package io.jenkins.plugins.concurrency.engine.fetch.destination;

/** Encodes labels of host names in ASCII (RFC 3492); the constants have the RFC's names. */
final class Punycode {

    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 128;

    private Punycode() {}

    /** @param label at most 253 characters, as in a host name, so that nothing overflows */
    static String encode(String label) {
        int[] points = label.codePoints().toArray();
        StringBuilder encoded = new StringBuilder();
        label.chars().filter(c -> c < INITIAL_N).forEach(c -> encoded.append((char) c));
        int basic = encoded.length();
        if (basic > 0) {
            encoded.append('-');
        }
        int delta = 0;
        int bias = INITIAL_BIAS;
        int handled = basic;
        for (int n = INITIAL_N; handled < points.length; n++) {
            int next = nextAfter(points, n);
            delta += (next - n) * (handled + 1);
            n = next;
            for (int point : points) {
                if (point < n) {
                    delta++;
                } else if (point == n) {
                    append(encoded, delta, bias);
                    bias = adapted(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
        }
        return encoded.toString();
    }

    private static int nextAfter(int[] points, int least) {
        int next = Integer.MAX_VALUE;
        for (int point : points) {
            next = point >= least ? Math.min(next, point) : next;
        }
        return next;
    }

    private static void append(StringBuilder encoded, int delta, int bias) {
        int q = delta;
        for (int k = BASE; ; k += BASE) {
            int t = Math.max(T_MIN, Math.min(T_MAX, k - bias));
            if (q < t) {
                encoded.append(digit(q));
                return;
            }
            encoded.append(digit(t + (q - t) % (BASE - t)));
            q = (q - t) / (BASE - t);
        }
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    private static int adapted(int delta, int handled, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / handled;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }
}
