package io.jenkins.plugins.concurrency.view.export;

import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.Status;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What GNU parallel writes with {@code --joblog}: with {@code --resume} and {@code --resume-failed} it goes by the numbers.
 * The command is none, since a build keeps only the branch's name, and {@code --retry-failed} would run that, whatever it
 * came from: a command that fails, with the name as its comment.
 */
final class JoblogFormat implements Download.Format {

    private static final int TIMED_OUT = -1;
    private static final int SIGTERM = 15;

    /** What an exit code has beyond the number of a signal. */
    private static final int SIGNALS = 128;

    private static final int MAX_SIGNAL = 64;

    @Override
    public void write(RunIndex run, Writer out) throws IOException {
        out.write("Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n");
        run.forEach((outcome, lane) -> {
            boolean begun = outcome.status() != Status.CANCELLED || outcome.attempts() > 0;
            if (begun) { // what stands there counts as having run
                out.write(line(outcome));
            }
        });
    }

    private static String line(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "%d\t:\t%.3f\t%10.3f\t0\t%d\t%d\t%d\t%s # %s%n",
                outcome.index() + 1,
                outcome.startMillis() / 1000.0,
                outcome.durationMillis() / 1000.0,
                received(outcome),
                isSignal(outcome) ? 0 : exitValue(outcome),
                signal(outcome),
                outcome.status() == Status.SUCCEEDED ? "true" : "false",
                outcome.name().replaceAll("[\\x00-\\x1f]", " ")).replace("\r\n", "\n");
    }

    private static long received(Outcome outcome) {
        if (outcome.details().get(Detail.BYTES) instanceof Number bytes) {
            return bytes.longValue();
        }
        Object output = outcome.details().get(Detail.STDOUT);
        return output instanceof String text ? text.getBytes(StandardCharsets.UTF_8).length : 0;
    }

    /** A shell tells of a signal that ended its last command by an exit code. */
    private static boolean isSignal(Outcome outcome) {
        int exitValue = exitValue(outcome);
        return exitValue > SIGNALS && exitValue <= SIGNALS + MAX_SIGNAL;
    }

    private static int signal(Outcome outcome) {
        int exitValue = exitValue(outcome);
        return isSignal(outcome) ? exitValue - SIGNALS : exitValue == TIMED_OUT ? SIGTERM : 0;
    }

    /** GNU parallel has -1 for what ran out of time; other failures without an exit code are 1 here. */
    private static int exitValue(Outcome outcome) {
        if (outcome.error() != null && outcome.error().type() == ErrorType.TIMEOUT) {
            return TIMED_OUT;
        }
        if (outcome.details().get(Detail.EXIT_CODE) instanceof Number code) {
            return code.intValue();
        }
        return outcome.status() == Status.SUCCEEDED ? 0 : 1;
    }
}
