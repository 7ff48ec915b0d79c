package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.schedule.Schedule;
import java.io.Closeable;
import java.util.List;

/**
 * The work of a run, not started.
 *
 * @param afterwards closed in this order when nothing is under way any more
 */
record ScheduledWork(@NonNull Schedule schedule, @NonNull List<Closeable> afterwards) {

    ScheduledWork(@NonNull Schedule schedule, @NonNull Closeable... afterwards) {
        this(schedule, List.of(afterwards));
    }
}
