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

/** What GNU parallel writes with {@code --joblog}. The command is the branch's name. */
final class JoblogFormat implements Download.Format {

    @Override
    public void write(RunIndex run, Writer out) throws IOException {
        out.write("Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n");
        run.forEach((outcome, lane) -> out.write(line(outcome)));
    }

    private static String line(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "%d\t:\t%.3f\t%10.3f\t0\t%d\t%d\t0\t%s%n",
                outcome.index() + 1,
                outcome.startMillis() / 1000.0,
                outcome.durationMillis() / 1000.0,
                received(outcome),
                exitValue(outcome),
                outcome.name().replaceAll("[\\x00-\\x1f]", " ")).replace("\r\n", "\n");
    }

    private static long received(Outcome outcome) {
        if (outcome.details().get(Detail.BYTES) instanceof Number bytes) {
            return bytes.longValue();
        }
        Object output = outcome.details().get(Detail.STDOUT);
        return output instanceof String text ? text.getBytes(StandardCharsets.UTF_8).length : 0;
    }

    /** GNU parallel has -1 for what ran out of time; other failures without an exit code are 1 here. */
    private static int exitValue(Outcome outcome) {
        if (outcome.error() != null && outcome.error().type() == ErrorType.TIMEOUT) {
            return -1;
        }
        if (outcome.details().get(Detail.EXIT_CODE) instanceof Number code) {
            return code.intValue();
        }
        return outcome.status() == Status.SUCCEEDED ? 0 : 1;
    }
}
